//! What the operator may set: flags before environment, before file, before defaults. All of it is checked
//! before anything is opened, and what is wrong says what to write instead.

mod settings;

use std::ffi::OsStr;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::line::Pacing;
use crate::rate::{Allowance, Network, RateLimits};
use crate::store::SledConfig;

pub use settings::{LogFormat, Settings};

/// Hours after which what was erased is removed from the disk.
const ERASE_HOURS: u64 = 6;
/// At most so many, so that it is done within a day.
const ERASE_HOURS_MAX: u64 = 20;

/// Least rate of whoever sends or takes bytes: a quarter of what GPRS carries on a bad day (8 kbit/s).
const LEAST_BYTES_PER_S: u64 = 256;

/// Fewest connections that may be set.
const CONNECTIONS_MIN: u64 = 64;

/// Where metrics are told unless it is set: loopback, since they say when circles meet.
const METRICS_LISTEN: &str = "127.0.0.1:9190";

/// A setting that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A value that is not allowed.
    #[error("{name} is {found:?}: write {wanted}")]
    Value {
        /// The flag.
        name: &'static str,
        /// What was given.
        found: String,
        /// What to write.
        wanted: &'static str,
    },
    /// The configuration file.
    #[error("the configuration file {path} cannot be used: {cause}")]
    File {
        /// The file's path, as it was named.
        path: String,
        /// What the system or the parser says, with line and column where it knows them.
        cause: String,
    },
}

/// Settings that were checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// The data directory.
    pub data: PathBuf,
    /// The folder of the operator's keys.
    pub keys: PathBuf,
    /// How long what was erased may stay in the files of the store.
    pub erase_time: Duration,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where to tell metrics, if anywhere.
    pub metrics_listen: Option<SocketAddr>,
    /// The built web app, when the server serves it.
    pub web: Option<PathBuf>,
    /// How people reach the server, without a `/` at the end; `None`: where it listens.
    pub origin: Option<String>,
    /// How to open the store.
    pub store: SledConfig,
    /// What a request may cost.
    pub limits: Limits,
}

/// Bounds on what one request, and all of them, may cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest request body, in bytes.
    pub request_bytes_max: usize,
    /// How long a connection's first head may take.
    pub head_time: Duration,
    /// How long a connection may be idle before its next request, that one's head included. Longer than proxies keep
    /// theirs (nginx 60 s, Caddy 120 s): who closes first while the other asks makes a request fail that was good.
    pub idle_time: Duration,
    /// How slowly a request's body may come.
    pub pace_in: Pacing,
    /// How slowly an answer may be taken.
    pub pace_out: Pacing,
    /// How long a request may take from head to the response's head. Long, since 2G is slow.
    pub request_time: Duration,
    /// Most requests at a time of those whose signature was verified.
    pub requests_max: usize,
    /// Most live streams at a time.
    pub live_max: usize,
    /// Most requests at a time of one device, and most of its live streams. A phone has one of each; when its link
    /// died and it comes again, there are two for a while.
    pub device_places_max: usize,
    /// Most connections at a time.
    pub connections_max: usize,
    /// How long a shutdown waits for requests under way.
    pub shutdown_time: Duration,
    /// What one device and one network of addresses may ask for.
    pub rate: RateLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            request_bytes_max: 8 * 1024 * 1024,
            head_time: Duration::from_secs(30),
            idle_time: Duration::from_secs(150),
            pace_in: Pacing {
                first_time: Duration::from_secs(30),
                pause_time: Duration::from_secs(60),
                bytes_per_s: LEAST_BYTES_PER_S,
            },
            // The system's buffer takes the first 64 KiB at once, and says only when a third of it is free again,
            // which takes 50 s at 8 kbit/s.
            pace_out: Pacing {
                first_time: Duration::from_secs(120),
                pause_time: Duration::from_secs(120),
                bytes_per_s: LEAST_BYTES_PER_S,
            },
            request_time: Duration::from_secs(15 * 60),
            requests_max: 256,
            live_max: 2_000,
            device_places_max: 2,
            connections_max: 4_096,
            shutdown_time: Duration::from_secs(10),
            rate: RateLimits::default(),
        }
    }
}

impl Config {
    /// Checks what was set.
    ///
    /// # Errors
    /// The first setting that cannot be used, with what to write.
    pub fn check(settings: Settings) -> Result<Self, ConfigError> {
        let rate = checked_rate(&settings)?;
        let defaults = (Limits::default(), SledConfig::default());
        let listen = settings.listen.unwrap_or_else(|| "127.0.0.1:8080".to_owned());
        let listen: SocketAddr = listen.parse().map_err(|_| ConfigError::Value {
            name: "--listen",
            found: listen,
            wanted: "an address and a port, such as 127.0.0.1:8080 or [::]:8080",
        })?;
        let metrics_listen = checked_metrics(settings.metrics_listen)?;
        let origin = settings.origin.map(checked_origin).transpose()?;
        let web = settings.web.map(checked_web).transpose()?;
        let bounded = |name, value: Option<u64>, default: u64, min: u64, wanted| match value.unwrap_or(default) {
            value if value < min => Err(ConfigError::Value { name, found: value.to_string(), wanted }),
            value => Ok(value),
        };
        let request_bytes_max = bounded(
            "--request-bytes-max",
            settings.request_bytes_max,
            defaults.0.request_bytes_max as u64,
            64 * 1024,
            "at least 65536, so that a request's first frame and a page fit",
        )?;
        let requests_max =
            bounded("--requests-max", settings.requests_max, defaults.0.requests_max as u64, 1, "at least 1")?;
        let connections_max = bounded(
            "--connections-max",
            settings.connections_max,
            defaults.0.connections_max as u64,
            CONNECTIONS_MIN,
            "at least 64, since one person's browser may open six",
        )?;
        let cache_bytes = bounded(
            "--cache-bytes",
            settings.cache_bytes,
            defaults.1.cache_bytes,
            8 * 1024 * 1024,
            "at least 8388608 (8 MiB)",
        )?;
        let erase_hours = match settings.erase_hours.unwrap_or(ERASE_HOURS) {
            hours if hours > ERASE_HOURS_MAX => Err(ConfigError::Value {
                name: "--erase-hours",
                found: hours.to_string(),
                wanted: "0 to 20: what is deleted is promised to be gone within a day",
            }),
            hours => Ok(hours),
        }?;
        let data = settings.data.unwrap_or_else(|| PathBuf::from("data"));
        let keys = settings.keys.map_or_else(|| keys_beside(&data), Ok)?;
        Ok(Self {
            data,
            keys,
            erase_time: Duration::from_secs(erase_hours * 60 * 60),
            listen,
            metrics_listen,
            web,
            origin,
            store: SledConfig {
                cache_bytes,
                reserve_bytes: settings.disk_reserve_bytes.unwrap_or(defaults.1.reserve_bytes),
            },
            limits: Limits {
                request_bytes_max: usize::try_from(request_bytes_max).unwrap_or(usize::MAX),
                requests_max: usize::try_from(requests_max).unwrap_or(usize::MAX).min(1 << 20),
                connections_max: usize::try_from(connections_max).unwrap_or(usize::MAX).min(1 << 20),
                rate,
                ..defaults.0
            },
        })
    }

    /// How people reach a server that listens at `bound`.
    #[must_use]
    pub fn origin_at(&self, bound: SocketAddr) -> String {
        let here = if bound.ip().is_unspecified() { ([127, 0, 0, 1], bound.port()).into() } else { bound };
        self.origin.clone().unwrap_or_else(|| format!("http://{here}"))
    }
}

/// `<data>-keys`: beside the data and not in it, so that a copy of the data does not hold them.
fn keys_beside(data: &Path) -> Result<PathBuf, ConfigError> {
    let name = data.file_name().map(|name| [name, OsStr::new("-keys")].join(OsStr::new("")));
    let wanted = "a folder for the operator's keys: the data directory has no name to put it beside";
    let nameless = || ConfigError::Value { name: "--keys", found: data.display().to_string(), wanted };
    name.map(|name| data.with_file_name(name)).ok_or_else(nameless)
}

fn checked_rate(settings: &Settings) -> Result<RateLimits, ConfigError> {
    let mut rate = RateLimits::default();
    let set: [(&'static str, Option<u64>, &mut Allowance); 8] = [
        ("--device-requests-per-minute", settings.device_requests_per_minute, &mut rate.device_requests),
        ("--device-bytes-per-hour", settings.device_bytes_per_hour, &mut rate.device_bytes),
        ("--device-bytes-per-day", settings.device_bytes_per_day, &mut rate.device_bytes_long),
        ("--device-entries-per-minute", settings.device_entries_per_minute, &mut rate.device_entries),
        ("--network-requests-per-minute", settings.network_requests_per_minute, &mut rate.prefix_requests),
        ("--network-bytes-per-hour", settings.network_bytes_per_hour, &mut rate.prefix_bytes),
        ("--network-entries-per-minute", settings.network_entries_per_minute, &mut rate.prefix_entries),
        ("--network-enrolments-per-hour", settings.network_enrolments_per_hour, &mut rate.prefix_enrolments),
    ];
    for (name, value, allowance) in set {
        match value {
            Some(0) => return Err(ConfigError::Value { name, found: "0".to_owned(), wanted: "at least 1" }),
            Some(count) => allowance.count = count,
            None => {}
        }
    }
    for network in settings.trusted_proxy.iter().flatten() {
        let wanted = "addresses or networks of your own proxies, such as 127.0.0.1 or 10.0.0.0/8";
        let wrong = |_| ConfigError::Value { name: "--trusted-proxy", found: network.clone(), wanted };
        rate.trusted_proxies.push(network.parse::<Network>().map_err(wrong)?);
    }
    Ok(rate)
}

/// An address, or none for `off`.
fn checked_metrics(listen: Option<String>) -> Result<Option<SocketAddr>, ConfigError> {
    let listen = listen.unwrap_or_else(|| METRICS_LISTEN.to_owned());
    if listen == "off" {
        return Ok(None);
    }
    let wanted = "an address and a port such as 127.0.0.1:9190, with port 0 for a free one, or off";
    let wrong = |_| ConfigError::Value { name: "--metrics-listen", found: listen.clone(), wanted };
    listen.parse().map(Some).map_err(wrong)
}

fn checked_origin(origin: String) -> Result<String, ConfigError> {
    let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    let is_origin = host.is_some_and(|host| {
        !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']'))
    });
    if is_origin {
        return Ok(origin);
    }
    let wanted = "how people reach the server and nothing after it, such as https://kith.example.org";
    Err(ConfigError::Value { name: "--origin", found: origin, wanted })
}

fn checked_web(web: PathBuf) -> Result<PathBuf, ConfigError> {
    if web.join("index.html").is_file() {
        return Ok(web);
    }
    let wanted = "the folder of the built web app, with index.html in it (`cargo xtask web` builds web/dist)";
    Err(ConfigError::Value { name: "--web", found: web.display().to_string(), wanted })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_set_is_a_local_server() {
        let config = Config::check(Settings::default()).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.origin_at(([0, 0, 0, 0], 80).into()), "http://127.0.0.1:80");
        assert_eq!(config.keys, PathBuf::from("data-keys"));
        let metrics = config.metrics_listen.unwrap();
        assert!(metrics.ip().is_loopback(), "strangers are told nothing");
        let off = Settings { metrics_listen: Some("off".to_owned()), ..Settings::default() };
        assert_eq!(Config::check(off).unwrap().metrics_listen, None);
    }

    #[test]
    fn the_keys_are_beside_the_data_and_never_in_it() {
        for (data, keys) in [("/srv/kith", "/srv/kith-keys"), ("a/b/", "a/b-keys"), ("./data", "./data-keys")] {
            let settings = Settings { data: Some(data.into()), ..Settings::default() };
            assert_eq!(Config::check(settings).unwrap().keys, PathBuf::from(keys));
        }
    }

    #[test]
    fn every_error_says_what_to_write() {
        let wrong = [
            Settings { listen: Some("8080".to_owned()), ..Settings::default() },
            Settings { metrics_listen: Some("on".to_owned()), ..Settings::default() },
            Settings { origin: Some("https://kith.example.org/".to_owned()), ..Settings::default() },
            Settings { web: Some("/nowhere".into()), ..Settings::default() },
            Settings { cache_bytes: Some(1), ..Settings::default() },
            Settings { device_entries_per_minute: Some(0), ..Settings::default() },
            Settings { trusted_proxy: Some(vec!["10.0.0.0/99".to_owned()]), ..Settings::default() },
            Settings { erase_hours: Some(25), ..Settings::default() },
            Settings { data: Some("..".into()), ..Settings::default() },
        ];
        let names = [
            "--listen",
            "--metrics-listen",
            "--origin",
            "--web",
            "--cache-bytes",
            "--device-entries-per-minute",
            "--trusted-proxy",
            "--erase-hours",
            "--keys",
        ];
        for (settings, name) in wrong.into_iter().zip(names) {
            let error = Config::check(settings).unwrap_err().to_string();
            assert!(error.starts_with(name) && error.contains("write"), "{error}");
        }
    }
}
