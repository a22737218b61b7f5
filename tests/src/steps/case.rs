//! The commands, and what may be said of each after it was stopped.

use super::scene::Place;

/// What a command leaves when it has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaves {
    /// All that was there.
    All,
    /// All but the second circle.
    OneCircle,
    /// All, and a backup of it.
    Backup,
    /// What the backup holds, where nothing was.
    Restored,
    /// An empty store, where nothing was.
    Empty,
    /// A store with a circle, where nothing was.
    Begun,
}

/// A command that is stopped.
#[derive(Debug)]
pub struct Case {
    /// Its name, for people.
    pub name: &'static str,
    /// Whether each run takes every step.
    pub every_step: bool,
    /// From so many steps on the disk is full.
    pub(super) full_sample: usize,
    pub(super) leaves: Leaves,
    /// What is said to the server; `{circle}`, `{copy}` and `{backup}` stand for places of the scene.
    arguments: &'static [&'static str],
    /// What it may say when the run that was stopped had ended its work already.
    pub(super) done_already: Option<&'static str>,
    /// A server runs until it says so.
    pub(super) until: Option<&'static str>,
}

/// All of them.
pub const CASES: [Case; 9] = [
    Case { every_step: true, ..case("rotate", &["keys", "rotate"], Leaves::All) },
    case("rotate-data", &["keys", "rotate-data", "--all"], Leaves::All),
    case("shred", &["circle", "shred", "{circle}", "--yes"], Leaves::OneCircle),
    case("erase", &["erase", "now"], Leaves::All),
    Case { done_already: Some("is there already"), ..case("backup", &["backup", "--to", "{copy}"], Leaves::Backup) },
    Case {
        every_step: true,
        done_already: Some("is not empty"),
        ..case("restore", &["restore", "--from", "{backup}"], Leaves::Restored)
    },
    case("init", &["init"], Leaves::Empty),
    Case {
        until: Some("Ctrl-C"),
        ..case(
            "first-start",
            &["serve", "--first-run", "--members", "5", "--listen", "127.0.0.1:0", "--metrics-listen", "off"],
            Leaves::Begun,
        )
    },
    Case {
        until: Some("Ctrl-C"),
        ..case("start", &["serve", "--listen", "127.0.0.1:0", "--metrics-listen", "off"], Leaves::All)
    },
];

const fn case(name: &'static str, arguments: &'static [&'static str], leaves: Leaves) -> Case {
    Case { name, every_step: false, full_sample: 3, leaves, arguments, done_already: None, until: None }
}

impl Case {
    /// Whether there is a store before.
    pub(super) fn has_store(&self) -> bool {
        !matches!(self.leaves, Leaves::Restored | Leaves::Empty | Leaves::Begun)
    }

    /// Whether there are keys before.
    pub(super) fn has_keys(&self) -> bool {
        self.has_store() || self.leaves == Leaves::Restored
    }

    pub(super) fn arguments(&self, place: &Place, circle: &str) -> Vec<String> {
        let [copy, backup] = [&place.copy, &place.backup].map(|path| path.display().to_string());
        let filled =
            |word: &&str| word.replace("{circle}", circle).replace("{copy}", &copy).replace("{backup}", &backup);
        self.arguments.iter().map(filled).collect()
    }
}
