use std::io::Read;
use std::time::Duration;

use kith_tests::load::{LoadOptions, Scene, run};
use kith_tests::phone::Agent;
use kith_tests::server::{ServerError, ServerProcess};

use crate::support::Stage;

/// Few phones, few sockets, for seconds, against a server whose bounds are as much lower: 26 requests at a time for 20
/// phones, as 256 are for 200, so that the honest alone always fit.
fn sample(scene: Scene) {
    let options = LoadOptions {
        phones: 20,
        sockets: 256,
        seconds: 4,
        rounds: 1,
        every: Duration::from_secs(1),
        connections_max: Some(128),
        requests_max: Some(26),
        seed: 1,
    };
    let report = run(scene, &options).unwrap();
    assert!(report.is_served(), "{report:?}");
}

#[test]
fn p25_phones_sync_while_attackers_of_16_networks_do_their_worst() {
    sample(Scene::Networks);
}

#[test]
fn p25_phones_sync_while_attackers_behind_the_same_proxy_do_their_worst() {
    sample(Scene::Proxy);
}

#[test]
fn p25_phones_sync_while_a_stranger_behind_the_same_address_does_their_worst() {
    sample(Scene::Village);
}

#[test]
#[ignore = "takes minutes"]
fn p25_200_phones_sync_nearly_as_fast_while_4096_sockets_do_their_worst() {
    for scene in Scene::ALL {
        let report = run(scene, &LoadOptions::default()).unwrap();
        assert!(report.holds(), "{report:?}");
    }
}

#[test]
fn metrics_are_told_on_their_own_address_and_to_no_stranger() {
    let stage = Stage::new();
    let (status, _) = Agent::default().get(&format!("{}/metrics", stage.server.origin)).unwrap();
    assert_eq!(status, 404);
    assert!(stage.server.metrics.starts_with("http://127.0.0.1:"), "{}", stage.server.metrics);
    assert_eq!(stage.server.metric("kith_live_streams"), Some(0.0));
    let address = stage.server.metrics.strip_prefix("http://").unwrap().split('/').next().unwrap().to_owned();
    let data = stage.folder.path().join("second");
    let second = ServerProcess::start_with(&data, 0, &["--metrics-listen", &address]);
    let Err(ServerError::Ended { log }) = second else { panic!("two servers cannot tell metrics at one address") };
    assert!(log.contains(&address) && log.contains("--metrics-listen off"), "{log}");
}

#[test]
fn a_server_without_metrics_says_nothing_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = ServerProcess::spawn(&folder.path().join("data"), 0, &["--metrics-listen", "off"]).unwrap();
    std::thread::sleep(Duration::from_secs(2));
    child.kill().unwrap();
    let mut printed = String::new();
    child.stdout.take().unwrap().read_to_string(&mut printed).unwrap();
    child.wait().unwrap();
    assert!(printed.contains("Kith listens at") && !printed.contains("Metrics"), "{printed}");
}
