//! The shopper's own address, which BizKitHub counts attempts by. Behind a reverse proxy the connection comes from the
//! proxy, and the shopper's address stands in `X-Forwarded-For`. Anybody can send that header, so it counts only where
//! it comes from a proxy that the shop was told to trust.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use ipnet::IpNet;

use crate::shop::Shop;

pub struct ClientAddress(pub IpAddr);

impl FromRequestParts<Arc<Shop>> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, shop: &Arc<Shop>) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(Ipv4Addr::UNSPECIFIED.into(), |ConnectInfo(peer)| peer.ip());
        Ok(Self(client_address(peer.to_canonical(), &parts.headers, &shop.trusted_proxies)))
    }
}

/// Each proxy appends the address that it was called from. So the last one that is no proxy of ours is the shopper's;
/// what stands before it, the shopper may have made up.
fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    let forwarded = headers.get_all("x-forwarded-for");
    let lines: Vec<&str> = forwarded.iter().map(|line| line.to_str().unwrap_or_default()).collect();
    let mut address = peer;
    for entry in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        match entry.trim().parse::<IpAddr>() {
            Ok(before) if is_trusted(address) => address = before.to_canonical(),
            _ => break,
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_what_it_wrote_itself() {
        let rows: &[(&str, &[&str], &str)] = &[
            // Nobody in between.
            ("198.51.100.7", &[], "198.51.100.7"),
            // A shopper who makes an address up.
            ("198.51.100.7", &["203.0.113.1"], "198.51.100.7"),
            // Through the proxy, and with something made up before it.
            ("10.0.0.1", &["198.51.100.7"], "198.51.100.7"),
            ("10.0.0.1", &["203.0.113.1, 198.51.100.7"], "198.51.100.7"),
            ("10.0.0.1", &["203.0.113.1", "198.51.100.7"], "198.51.100.7"),
            // Through two proxies.
            ("10.0.0.1", &["203.0.113.1, 198.51.100.7, 10.0.0.2"], "198.51.100.7"),
            // A proxy that says nothing, or nothing that is an address.
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["unknown"], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.7, unknown, 10.0.0.2"], "10.0.0.2"),
            // Version 6, and version 4 in the clothes of 6.
            ("10.0.0.1", &["2001:db8::7"], "2001:db8::7"),
            ("10.0.0.1", &["::ffff:198.51.100.7"], "198.51.100.7"),
        ];
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        for (peer, forwarded, expected) in rows {
            let mut headers = HeaderMap::new();
            for line in *forwarded {
                headers.append("x-forwarded-for", line.parse().unwrap());
            }
            let address = client_address(peer.parse().unwrap(), &headers, &trusted);
            assert_eq!(address.to_string(), *expected, "{peer} {forwarded:?}");
        }
    }
}
