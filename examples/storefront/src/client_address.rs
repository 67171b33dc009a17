//! The customer's IP address, which is sent to BizKitHub. Behind a reverse proxy, the connection comes from the proxy, and the
//! customer's address is in `X-Forwarded-For`. Anyone can send that header, so it counts only if it comes from a trusted
//! proxy.

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

/// Each proxy appends the address that called it. So the last address that is not one of our proxies is the customer's; the
/// customer may have invented the ones before it.
fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    let forwarded = headers.get_all("x-forwarded-for");
    let lines: Vec<&str> = forwarded.iter().map(|line| line.to_str().unwrap_or_default()).collect();
    let mut address = peer;
    for entry in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        // Some proxies append the port, too.
        let entry = entry.trim();
        let before = entry.parse().or_else(|_| entry.parse().map(|socket: SocketAddr| socket.ip()));
        match before {
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
    fn only_addresses_written_by_trusted_proxies_count() {
        let rows: &[(&str, &[&str], &str)] = &[
            // No proxy.
            ("198.51.100.7", &[], "198.51.100.7"),
            // A customer who invents an address.
            ("198.51.100.7", &["203.0.113.1"], "198.51.100.7"),
            // Through the proxy, and with an invented address before it.
            ("10.0.0.1", &["198.51.100.7"], "198.51.100.7"),
            ("10.0.0.1", &["203.0.113.1, 198.51.100.7"], "198.51.100.7"),
            ("10.0.0.1", &["203.0.113.1", "198.51.100.7"], "198.51.100.7"),
            // Through two proxies.
            ("10.0.0.1", &["203.0.113.1, 198.51.100.7, 10.0.0.2"], "198.51.100.7"),
            // A proxy that sends no address, or an invalid one.
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["unknown"], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.7, unknown, 10.0.0.2"], "10.0.0.2"),
            // IPv6, and IPv4 mapped to IPv6.
            ("10.0.0.1", &["2001:db8::7"], "2001:db8::7"),
            ("10.0.0.1", &["::ffff:198.51.100.7"], "198.51.100.7"),
            // With a port.
            ("10.0.0.1", &["198.51.100.7:4711"], "198.51.100.7"),
            ("10.0.0.1", &["[2001:db8::7]:4711"], "2001:db8::7"),
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
