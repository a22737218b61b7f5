use std::fs;

use kith_tests::server::ServerProcess;
use kith_tests::steps::{Means, StepsOptions, StepsReport, run};

use crate::support::{Stage, operator_keys};

fn tried(options: &StepsOptions) -> StepsReport {
    let report = run(options, &|_| {}).unwrap();
    assert!(report.holds(), "{report}");
    assert_eq!((report.lost, report.refused_starts), (0, 0), "{report}");
    report
}

/// A sample; every step of rotate and restore is the crash harness's (`cargo xtask test crash`), and of the others too
/// with `--full`.
#[test]
fn p29_commands_stopped_at_any_step_end_when_they_are_done_again() {
    let report = tried(&StepsOptions { every: false, sample: 3, ..StepsOptions::default() });
    assert!(report.commands.iter().all(|command| command.killed > 0), "{report}");
    assert_eq!(report.commands.len(), 9, "{report}");
}

#[test]
fn p29_where_tracing_is_forbidden_the_layer_over_files_stops_the_same_commands() {
    let only = ["rotate", "shred", "erase", "backup", "restore", "init"].map(str::to_owned).to_vec();
    let options = StepsOptions { only, every: false, sample: 2, means: Some(Means::Layer), ..StepsOptions::default() };
    let report = tried(&options);
    assert!(report.steps_are.contains("tracing is forbidden"), "{report}");
    assert!(report.commands.iter().all(|command| command.killed > 0), "{report}");
}

#[test]
fn p29_half_a_restore_is_no_store_and_least_of_all_an_empty_one() {
    let mut stage = Stage::new();
    let (data, copy) = (stage.folder.path().join("data"), stage.folder.path().join("copy"));
    stage.server.kill().unwrap();
    ServerProcess::operate(&data, &["backup", "--to", copy.to_str().unwrap()]).unwrap();
    let half = stage.folder.path().join("half");
    // What a restore that was killed before its first row leaves.
    ServerProcess::operate(&half, &["init"]).unwrap();
    fs::write(half.join("restoring"), "").unwrap();
    let keys = stage.folder.path().join("data-keys");
    let keys = keys.to_str().unwrap();
    for command in [&["circle", "list"][..], &["scrub"], &["init"]] {
        let refused = ServerProcess::operate(&half, command).unwrap_err().to_string();
        assert!(refused.contains("run the same `kith-server restore` again"), "{refused}");
    }
    ServerProcess::operate(&half, &["--keys", keys, "restore", "--from", copy.to_str().unwrap()]).unwrap();
    let listed = ServerProcess::operate(&half, &["--keys", keys, "circle", "list"]).unwrap();
    assert!(listed.contains(&stage.circle()), "{listed}");
}

#[test]
fn p29_a_rotation_that_lost_its_last_step_is_ended_and_no_other_is_begun() {
    let mut stage = Stage::new();
    let data = stage.folder.path().join("data");
    stage.server.kill().unwrap();
    let [old] = &operator_keys(&stage)[..] else { panic!("one key") };
    let kept = fs::read(old).unwrap();
    ServerProcess::operate(&data, &["keys", "rotate"]).unwrap();
    let [new] = &operator_keys(&stage)[..] else { panic!("one key") };
    assert_ne!(new, old);
    // As it stood in front of the last step.
    fs::write(old.with_extension("old"), kept).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(old.with_extension("old"), fs::Permissions::from_mode(0o600)).unwrap();
    }
    let said = ServerProcess::operate(&data, &["keys", "rotate"]).unwrap();
    assert!(said.contains("no other was begun") && said.contains(new.to_str().unwrap()), "{said}");
    assert_eq!(operator_keys(&stage), std::slice::from_ref(new));
    assert!(!old.with_extension("old").exists());
    let log = ServerProcess::operate(&data, &["audit", "list"]).unwrap();
    assert_eq!(log.matches("keys-rotated").count(), 1, "{log}");
}
