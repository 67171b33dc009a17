//! HTTP/2 with its own faults.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use h2::RecvStream;
use h2::server::SendResponse;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

use super::server::{Shared, Socket};
use super::{Recorded, Reply, Script, Step};

pub async fn serve(stream: impl Socket, shared: Arc<Shared>) {
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    let (to_connection, mut of_streams) = unbounded_channel();
    let mut streams = JoinSet::new();
    loop {
        tokio::select! {
            accepted = connection.accept() => match accepted {
                Some(Ok((request, respond))) => {
                    let (to_connection, shared) = (to_connection.clone(), shared.clone());
                    streams.spawn(async move {
                        // An error is a connection that another stream has ended.
                        let _ = run(request, respond, &to_connection, &shared).await;
                    });
                }
                Some(Err(_)) | None => return,
            },
            Some(step) = of_streams.recv() => match step {
                Step::GoAway(reason) => connection.abrupt_shutdown(reason),
                Step::Retire => connection.graceful_shutdown(),
                _ => return,
            },
        }
    }
}

async fn run(
    request: http::Request<RecvStream>,
    mut respond: SendResponse<Bytes>,
    to_connection: &UnboundedSender<Step>,
    shared: &Shared,
) -> Result<(), h2::Error> {
    let script = shared.enter(record(request).await?);
    for step in script.steps {
        match step {
            Step::Reply(reply) => {
                let mut body = respond.send_response(head(&reply), reply.body.is_empty())?;
                if !reply.body.is_empty() {
                    body.send_data(reply.body.into(), true)?;
                }
            }
            Step::Truncate(reply, length) => {
                let mut body = respond.send_response(head(&reply), false)?;
                body.send_data(Bytes::copy_from_slice(&reply.body[..length]), false)?;
                // A reset overtakes data that is still to be sent.
                tokio::task::yield_now().await;
                body.send_reset(h2::Reason::INTERNAL_ERROR);
                return Ok(());
            }
            Step::Wait(pause) => tokio::time::sleep(pause).await,
            Step::Hang => std::future::pending().await,
            Step::ResetStream(reason) => respond.send_reset(reason),
            Step::Retire => {
                let _ = to_connection.send(step);
            }
            Step::GoAway(_) | Step::Close | Step::Reset => {
                let _ = to_connection.send(step);
                // Dropping the stream would reset it first.
                std::future::pending().await
            }
            Step::Write(_) | Step::Read(_) | Step::ReadHeaders => {
                panic!("{step:?} needs the whole connection")
            }
        }
    }
    Ok(())
}

async fn record(request: http::Request<RecvStream>) -> Result<Recorded, h2::Error> {
    let (head, mut body) = request.into_parts();
    let target = head.uri.path_and_query().unwrap();
    let mut text = format!("{} {target} HTTP/2\r\n", head.method);
    for (name, value) in &head.headers {
        text += &format!("{name}: {}\r\n", value.to_str().unwrap());
    }
    text += "\r\n";
    while let Some(chunk) = body.data().await {
        let chunk = chunk?;
        body.flow_control().release_capacity(chunk.len())?;
        text += std::str::from_utf8(&chunk).unwrap();
    }
    Ok(Recorded { text })
}

fn head(reply: &Reply) -> http::Response<()> {
    let mut response = http::Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(name, value);
    }
    response.body(()).unwrap()
}

/// The length of the client's preface, before its first frame.
const PREFACE: usize = 24;

const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;

/// A connection's script: it reads the head of a request, then sends a GOAWAY which says that no stream was processed. It has
/// debug data, which `h2`'s own server cannot send.
pub fn goaway_before_the_first_stream(debug_data: &[u8]) -> Script {
    let (last_stream, reason) = ([0; 4], [0; 4]);
    Script::without_effect(Step::Read(PREFACE))
        .then(Step::Write(frame(SETTINGS, &[])))
        .then(Step::ReadHeaders)
        .then(Step::Write(frame(GOAWAY, &[&last_stream[..], &reason, debug_data].concat())))
        // The client has to close the connection.
        .then(Step::Hang)
}

/// A frame of the connection itself, without flags.
fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let connection = [0; 4];
    [&length[1..], &[kind, 0], &connection, payload].concat()
}

/// Reads frames up to a request's head.
pub async fn read_headers(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<()> {
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let [high, middle, low, kind, ..] = head;
        let mut payload = vec![0; u32::from_be_bytes([0, high, middle, low]) as usize];
        stream.read_exact(&mut payload).await?;
        if kind == HEADERS {
            return Ok(());
        }
    }
}
