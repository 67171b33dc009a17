//! Certificates from a root of our own.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{ServerConfig, crypto::aws_lc_rs};

/// A server's certificate, and the root that signed it.
pub struct Certificate {
    root: CertifiedIssuer<'static, KeyPair>,
    params: CertificateParams,
    key: KeyPair,
}

impl Certificate {
    pub fn of(name: &str) -> Self {
        let mut root = CertificateParams::new(Vec::new()).unwrap();
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        // OpenSSL regards a certificate with its issuer's name as self-signed.
        root.distinguished_name.push(DnType::CommonName, "a root of our own");
        Self {
            root: CertifiedIssuer::self_signed(root, KeyPair::generate().unwrap()).unwrap(),
            params: CertificateParams::new(vec![name.to_owned()]).unwrap(),
            key: KeyPair::generate().unwrap(),
        }
    }

    pub fn not_valid_yet(self) -> Self {
        self.valid_in(4000)
    }

    pub fn expired(self) -> Self {
        self.valid_in(2001)
    }

    fn valid_in(mut self, year: i32) -> Self {
        self.params.not_before = rcgen::date_time_ymd(year, 1, 1);
        self.params.not_after = rcgen::date_time_ymd(year + 1, 1, 1);
        self
    }

    /// For a client that is to trust the server.
    pub fn root(&self) -> reqwest::Certificate {
        reqwest::Certificate::from_der(self.root.der()).unwrap()
    }

    pub fn acceptor(&self, protocols: &[&str]) -> TlsAcceptor {
        let certificate = self.params.signed_by(&self.key, &self.root).unwrap();
        let key = PrivateKeyDer::Pkcs8(self.key.serialize_der().into());
        let mut config =
            ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_no_client_auth()
                .with_single_cert(vec![certificate.der().clone()], key)
                .unwrap();
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        TlsAcceptor::from(Arc::new(config))
    }
}
