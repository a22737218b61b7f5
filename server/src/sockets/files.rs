/// File handles that connections never take: the store's, the log's, and some to spare. Without one, the store could
/// not write its files.
const FILES_RESERVED: u64 = 256;
/// Fewest connections, however few file handles there are.
const CONNECTIONS_MIN: u64 = 16;

/// How many connections there is room for, of as many as are wanted. Raises the system's soft limit of open files where
/// it is lower than that.
#[must_use]
pub fn room_for(connections: usize) -> usize {
    let wanted = connections as u64;
    let room = files(wanted + FILES_RESERVED).saturating_sub(FILES_RESERVED).max(CONNECTIONS_MIN).min(wanted);
    if room < wanted {
        tracing::warn!(wanted, room, "the limit of open files leaves room for fewer connections: raise it (ulimit -n)");
    }
    usize::try_from(room).unwrap_or(connections)
}

/// How many files this process may open, `wanted` if that can be had.
#[cfg(unix)]
fn files(wanted: u64) -> u64 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let current = limit.current.unwrap_or(u64::MAX);
    if current >= wanted {
        return current;
    }
    let raised = limit.maximum.map_or(wanted, |maximum| maximum.min(wanted));
    match setrlimit(Resource::Nofile, Rlimit { current: Some(raised), maximum: limit.maximum }) {
        Ok(()) => raised,
        Err(_) => current,
    }
}

#[cfg(not(unix))]
fn files(wanted: u64) -> u64 {
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted_is_had_or_less_and_never_none() {
        assert_eq!(room_for(20), 20);
        let most = room_for(usize::MAX / 2);
        assert!((16..=usize::MAX / 2).contains(&most));
    }
}
