//! Hand-written HTTP/1, so that a script can break it anywhere.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::server::{Shared, Socket};
use super::{Recorded, Script, Step, http2};

/// The connection is over.
pub struct Over;

pub async fn serve(mut stream: impl Socket, shared: &Shared) -> Result<(), Over> {
    let mut buffer = Vec::new();
    while let Some(request) = read(&mut stream, &mut buffer).await {
        let script = shared.enter(request);
        run(&mut stream, &script).await?;
    }
    Ok(())
}

/// Runs a script; each write is flushed.
pub async fn run(stream: &mut impl Socket, script: &Script) -> Result<(), Over> {
    for step in &script.steps {
        match step {
            Step::Reply(reply) => write(stream, &reply.bytes()).await?,
            Step::Truncate(reply, length) => {
                write(stream, reply.head().as_bytes()).await?;
                write(stream, &reply.body[..*length]).await?;
                let _ = stream.shutdown().await;
                return Err(Over);
            }
            Step::Write(bytes) => write(stream, bytes).await?,
            Step::Wait(pause) => tokio::time::sleep(*pause).await,
            Step::Hang => std::future::pending().await,
            Step::Close => {
                let _ = stream.shutdown().await;
                return Err(Over);
            }
            Step::Reset => {
                // Closing with no time to linger sends a reset instead of an end.
                let _ = stream.tcp().set_zero_linger();
                return Err(Over);
            }
            Step::Read(length) => {
                let mut bytes = vec![0; *length];
                stream.read_exact(&mut bytes).await.map_err(|_| Over)?;
            }
            Step::ReadHeaders => http2::read_headers(stream).await.map_err(|_| Over)?,
            Step::ResetStream(_) | Step::GoAway(_) | Step::Retire => {
                panic!("{step:?} is a step of HTTP/2")
            }
        }
    }
    Ok(())
}

async fn write(stream: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> Result<(), Over> {
    stream.write_all(bytes).await.map_err(|_| Over)?;
    stream.flush().await.map_err(|_| Over)
}

/// The next complete request; `None` if the connection ends before.
async fn read(stream: &mut (impl AsyncRead + Unpin), buffer: &mut Vec<u8>) -> Option<Recorded> {
    loop {
        if let Some(length) = complete_length(buffer)
            && buffer.len() >= length
        {
            let rest = buffer.split_off(length);
            let text = String::from_utf8(std::mem::replace(buffer, rest)).unwrap();
            return Some(Recorded { text });
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
}

/// The length of the request, once its head has arrived.
fn complete_length(request: &[u8]) -> Option<usize> {
    let head = request.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&request[..head]).unwrap();
    let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
    Some(head + length.map_or(0, |length| length.parse::<usize>().unwrap()))
}
