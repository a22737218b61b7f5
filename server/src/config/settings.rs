use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Deserialize;

use super::ConfigError;

/// How log lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What can be set by flag, environment and file, before it is checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Where the server keeps its data [default: data]
    #[arg(long, env = "KITH_DATA", value_name = "DIR", global = true)]
    pub data: Option<PathBuf>,
    /// The folder of the operator's keys [default: beside the data directory, named after it with -keys]
    #[arg(long, env = "KITH_KEYS", value_name = "DIR", global = true)]
    pub keys: Option<PathBuf>,
    /// Remove erased data from the disk within this many hours [default: 6]
    #[arg(long, env = "KITH_ERASE_HOURS", value_name = "COUNT", global = true)]
    pub erase_hours: Option<u64>,
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, env = "KITH_LISTEN", value_name = "ADDRESS:PORT", global = true)]
    pub listen: Option<String>,
    /// Where to serve metrics, or off [default: 127.0.0.1:9190]
    #[arg(long, env = "KITH_METRICS_LISTEN", value_name = "ADDRESS:PORT", global = true)]
    pub metrics_listen: Option<String>,
    /// The folder of the built web app; without it only the API is served
    #[arg(long, env = "KITH_WEB", value_name = "DIR", global = true)]
    pub web: Option<PathBuf>,
    /// How people reach the server, for links and HSTS [default: http:// and the address from --listen]
    #[arg(long, env = "KITH_ORIGIN", value_name = "URL", global = true)]
    pub origin: Option<String>,
    /// Memory for the store's pages [default: 134217728]
    #[arg(long, env = "KITH_CACHE_BYTES", value_name = "BYTES", global = true)]
    pub cache_bytes: Option<u64>,
    /// Refuse writes while less than this much of the disk is free [default: 67108864]
    #[arg(long, env = "KITH_DISK_RESERVE_BYTES", value_name = "BYTES", global = true)]
    pub disk_reserve_bytes: Option<u64>,
    /// Largest request body [default: 8388608]
    #[arg(long, env = "KITH_REQUEST_BYTES_MAX", value_name = "BYTES", global = true)]
    pub request_bytes_max: Option<u64>,
    /// Most requests from verified devices at a time; any more replace one that is waiting [default: 256]
    #[arg(long, env = "KITH_REQUESTS_MAX", value_name = "COUNT", global = true)]
    pub requests_max: Option<u64>,
    /// Most connections at a time; any more replace one that is waiting [default: 4096]
    #[arg(long, env = "KITH_CONNECTIONS_MAX", value_name = "COUNT", global = true)]
    pub connections_max: Option<u64>,
    /// Requests a minute from one device [default: 600]
    #[arg(long, env = "KITH_DEVICE_REQUESTS_PER_MINUTE", value_name = "COUNT", global = true)]
    pub device_requests_per_minute: Option<u64>,
    /// Bytes an hour from and to one device [default: 134217728]
    #[arg(long, env = "KITH_DEVICE_BYTES_PER_HOUR", value_name = "BYTES", global = true)]
    pub device_bytes_per_hour: Option<u64>,
    /// Bytes a day from and to one device [default: 536870912]
    #[arg(long, env = "KITH_DEVICE_BYTES_PER_DAY", value_name = "BYTES", global = true)]
    pub device_bytes_per_day: Option<u64>,
    /// Entries a minute that one device may add [default: 6000]
    #[arg(long, env = "KITH_DEVICE_ENTRIES_PER_MINUTE", value_name = "COUNT", global = true)]
    pub device_entries_per_minute: Option<u64>,
    /// Requests a minute from one network of addresses (IPv4 /24, IPv6 /48) [default: 6000]
    #[arg(long, env = "KITH_NETWORK_REQUESTS_PER_MINUTE", value_name = "COUNT", global = true)]
    pub network_requests_per_minute: Option<u64>,
    /// Bytes an hour from and to one network [default: 2147483648]
    #[arg(long, env = "KITH_NETWORK_BYTES_PER_HOUR", value_name = "BYTES", global = true)]
    pub network_bytes_per_hour: Option<u64>,
    /// Entries a minute from one network [default: 60000]
    #[arg(long, env = "KITH_NETWORK_ENTRIES_PER_MINUTE", value_name = "COUNT", global = true)]
    pub network_entries_per_minute: Option<u64>,
    /// Attempts an hour to enrol from one network [default: 240]
    #[arg(long, env = "KITH_NETWORK_ENROLMENTS_PER_HOUR", value_name = "COUNT", global = true)]
    pub network_enrolments_per_hour: Option<u64>,
    /// Addresses or networks of your own proxies, separated by commas: their X-Forwarded-For is trusted [default: none]
    #[arg(long, env = "KITH_TRUSTED_PROXY", value_name = "NETWORKS", value_delimiter = ',', global = true)]
    pub trusted_proxy: Option<Vec<String>>,
    /// How log lines are written [default: text]
    #[arg(long, env = "KITH_LOG_FORMAT", global = true)]
    pub log_format: Option<LogFormat>,
    /// What to log, such as info or kith_server=debug [default: info]
    #[arg(long, env = "KITH_LOG", value_name = "FILTER", global = true)]
    pub log: Option<String>,
}

impl Settings {
    /// Reads a TOML file whose keys are the flags' names.
    ///
    /// # Errors
    /// When it cannot be read or has a key or value that is not known.
    pub fn from_file(path: &Path) -> Result<Self, ConfigError> {
        let fail = |cause: String| ConfigError::File { path: path.display().to_string(), cause };
        let text = std::fs::read_to_string(path).map_err(|error| fail(error.to_string()))?;
        toml::from_str(&text).map_err(|error| fail(error.to_string()))
    }

    /// These settings, and `other`'s where these say nothing.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            data: self.data.or(other.data),
            keys: self.keys.or(other.keys),
            erase_hours: self.erase_hours.or(other.erase_hours),
            listen: self.listen.or(other.listen),
            metrics_listen: self.metrics_listen.or(other.metrics_listen),
            web: self.web.or(other.web),
            origin: self.origin.or(other.origin),
            cache_bytes: self.cache_bytes.or(other.cache_bytes),
            disk_reserve_bytes: self.disk_reserve_bytes.or(other.disk_reserve_bytes),
            request_bytes_max: self.request_bytes_max.or(other.request_bytes_max),
            requests_max: self.requests_max.or(other.requests_max),
            connections_max: self.connections_max.or(other.connections_max),
            device_requests_per_minute: self.device_requests_per_minute.or(other.device_requests_per_minute),
            device_bytes_per_hour: self.device_bytes_per_hour.or(other.device_bytes_per_hour),
            device_bytes_per_day: self.device_bytes_per_day.or(other.device_bytes_per_day),
            device_entries_per_minute: self.device_entries_per_minute.or(other.device_entries_per_minute),
            network_requests_per_minute: self.network_requests_per_minute.or(other.network_requests_per_minute),
            network_bytes_per_hour: self.network_bytes_per_hour.or(other.network_bytes_per_hour),
            network_entries_per_minute: self.network_entries_per_minute.or(other.network_entries_per_minute),
            network_enrolments_per_hour: self.network_enrolments_per_hour.or(other.network_enrolments_per_hour),
            trusted_proxy: self.trusted_proxy.or(other.trusted_proxy),
            log_format: self.log_format.or(other.log_format),
            log: self.log.or(other.log),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_wins_over_the_file() {
        let file: Settings =
            toml::from_str("data = \"/srv/kith\"\nlisten = \"[::]:80\"\nlog-format = \"json\"").unwrap();
        let flags = Settings { data: Some("/tmp/kith".into()), ..Settings::default() };
        let both = flags.or(file);
        assert_eq!(both.data, Some("/tmp/kith".into()));
        assert_eq!(both.listen.as_deref(), Some("[::]:80"));
        assert_eq!(both.log_format, Some(LogFormat::Json));
    }

    #[test]
    fn a_misspelt_key_is_an_error() {
        assert!(toml::from_str::<Settings>("date = \"x\"").is_err());
    }
}
