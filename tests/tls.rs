//! Real TLS handshakes: which certificates are taken, and what is said of the others. Not covered: the operating system's
//! own store of roots, revocation.
#![cfg(any(feature = "rustls", feature = "native-tls"))]

#[allow(dead_code)]
mod hostile;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bizkithub::{Client, ClientBuilder, ConfigError, Error, Outcome, RetryPolicy};
use hostile::{KEY, SUCCESS, request};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{ServerConfig, crypto::aws_lc_rs};

/// What is said of a certificate that is untrusted, has expired, is for another name: in the words of OpenSSL, which
/// reqwest takes where both are built in, or of rustls.
const REASONS: [&str; 3] = if cfg!(feature = "native-tls") {
    ["unable to get local issuer certificate", "certificate has expired", "hostname mismatch"]
} else {
    ["UnknownIssuer", "certificate expired", "not valid for name"]
};

/// A root of our own.
fn root() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    // OpenSSL takes a certificate with its issuer's name for a self-signed one.
    params.distinguished_name.push(DnType::CommonName, "a root of our own");
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A server with a certificate for these names, and how many requests reached it.
struct Server {
    port: u16,
    served: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn server(
    root: &CertifiedIssuer<'static, KeyPair>,
    names: &[&str],
    expired: bool,
    alpn: &[&str],
) -> Server {
    let key = KeyPair::generate().unwrap();
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).unwrap();
    if expired {
        params.not_before = rcgen::date_time_ymd(2001, 1, 1);
        params.not_after = rcgen::date_time_ymd(2002, 1, 1);
    }
    let certificate = params.signed_by(&key, root).unwrap();
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::Pkcs8(key.serialize_der().into()),
        )
        .unwrap();
    config.alpn_protocols = alpn.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let served = Arc::<AtomicUsize>::default();
    let counted = served.clone();
    let task = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let (acceptor, counted) = (acceptor.clone(), counted.clone());
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                    counted.fetch_add(1, Ordering::SeqCst);
                    let version = format!("{:?}", request.version());
                    let response = hyper::Response::builder().header("x-version", version);
                    let response = response.body(SUCCESS.to_owned()).unwrap();
                    async move { Ok::<_, std::convert::Infallible>(response) }
                });
                let builder = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
                let _ = builder.serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    Server { port, served, task }
}

fn client(server: &Server, settings: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
    let builder = Client::builder(KEY)
        .base_url(format!("https://localhost:{}", server.port))
        .retry(RetryPolicy::none())
        .timeout(Duration::from_secs(20))
        .connect_timeout(Duration::from_secs(10))
        .http(|http| http.no_proxy());
    settings(builder).build().unwrap()
}

fn trusting(
    root: &CertifiedIssuer<'static, KeyPair>,
) -> impl FnOnce(ClientBuilder) -> ClientBuilder {
    let certificate = reqwest::Certificate::from_der(root.der()).unwrap();
    |builder| builder.http(|http| http.tls_certs_only([certificate]))
}

async fn refusal(server: &Server, client: Client) -> String {
    let error = client.register_account(&request("jan@barasek.com")).await.unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error:?}");
    assert_eq!((error.outcome(), error.status()), (Outcome::NotSent, None));
    assert_eq!(server.served.load(Ordering::SeqCst), 0, "nothing was sent");
    format!("{:#}", anyhow::Error::new(error))
}

#[tokio::test]
async fn an_untrusted_an_expired_and_a_wrong_name_certificate_are_never_sent_to_and_the_cause_is_named()
 {
    let root = root();
    let good = server(&root, &["localhost"], false, &[]).await;
    let untrusted = refusal(&good, client(&good, |builder| builder)).await;
    assert!(untrusted.contains(REASONS[0]), "{untrusted}");

    let old = server(&root, &["localhost"], true, &[]).await;
    let expired = refusal(&old, client(&old, trusting(&root))).await;
    assert!(expired.contains(REASONS[1]), "{expired}");

    let other = server(&root, &["shop.example"], false, &[]).await;
    let wrong_name = refusal(&other, client(&other, trusting(&root))).await;
    assert!(wrong_name.contains(REASONS[2]), "{wrong_name}");
    for message in [untrusted, expired, wrong_name] {
        assert!(message.contains("nothing was sent"), "{message}");
        assert!(!message.contains(KEY), "{message}");
    }
}

#[tokio::test]
async fn a_private_root_that_was_added_works_with_http_1_and_http_2() {
    let root = root();
    for protocols in [&["http/1.1"][..], &["h2", "http/1.1"], &[]] {
        let server = server(&root, &["localhost"], false, protocols).await;
        let client = client(&server, trusting(&root));
        for _ in 0..3 {
            client.register_account(&request("jan@barasek.com")).await.unwrap();
        }
        assert_eq!(server.served.load(Ordering::SeqCst), 3, "{protocols:?}");
    }
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_never_sent_to() {
    let plain =
        hostile::Hostile::connecting(hostile::Script::refusing("HTTP/1.1 400 Bad Request\r\n\r\n"))
            .await;
    let client = Client::builder(KEY).base_url(format!("https://127.0.0.1:{}", plain.port));
    let client = client.retry(RetryPolicy::none()).http(|http| http.no_proxy()).build().unwrap();
    let error = client.register_account(&request("jan@barasek.com")).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent, "{error:?}");
}

#[test]
fn plain_http_to_a_host_that_is_not_loopback_is_refused_before_anything_is_sent() {
    let error = Client::builder(KEY).base_url("http://bizkithub.com").build().unwrap_err();
    assert!(matches!(error, ConfigError::BaseUrl { .. }), "{error:?}");
}
