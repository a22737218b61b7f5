//! What a circle costs on the wire: coming back after a session (A), a phone that is new to all of it (B), and asking
//! when nothing is new (C), with all of Kith's trust on. The work is one for each seed: a circle of 13 with 50 notes
//! and 2,000 messages in 4 threads; its facilitator is away for a session, and writes it up, while the others go on.

mod home;
mod today;
mod words;
mod workload;
mod world;

use std::fs;
use std::path::Path;

use kith_shared::storage::{Batch, Tree};
use kith_shared::time::TimestampMs;
use serde_json::json;

use super::fold::wrong;
use super::{BenchError, Measure, NOW, ask, measure};
use crate::phone::{FileStore, PhoneStore};
use crate::tape;
use home::{HubHome, ServerHome};
use world::{Member, World};

pub use today::today_first;
pub use workload::{Act, Step, Workload};

/// Most exchanges until a phone has to be quiet.
const ROUNDS_MAX: usize = 20;

/// Exchanges and bytes of a phone.
#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    trips: usize,
    up: usize,
    down: usize,
    pages: usize,
}

/// Bytes of coming back, of a new phone, and of nothing new.
///
/// # Errors
/// When a phone does not do its part.
pub fn sync(seed: u64) -> Result<Vec<Measure>, BenchError> {
    let workload = Workload::of(seed);
    let mut world = World::new(HubHome::new(workload.before(NOW)), workload, NOW)?;
    world.past()?;
    world.session()?;
    world.come_back();
    let back = quiet(&mut world.people[0])?;
    let idle = exchange(&mut world.people[0])?.0;
    let mut newcomer = world.another_phone()?;
    let fresh = quiet(&mut newcomer)?;
    world.compare(&mut newcomer)?;
    let back = measures(["A.trips", "A.up", "A.down", "A.pages"], back);
    let fresh = measures(["B.trips", "B.up", "B.down", "B.pages"], fresh);
    Ok([back, fresh, measures(["C.trips", "C.up", "C.down", "C.pages"], idle)].concat())
}

/// Replays what is written, with a session that begins at `begins`, on a real server, whose clock is moved. Leaves in `folder` the server's data (`server`), the
/// phone of whoever was away, as it is before it comes back (`phone`), and which circle it is (`kith.json`).
///
/// # Errors
/// When there is something in the folder, the system refuses, or a phone does not do its part.
pub fn build(workload: &Workload, begins: TimestampMs, folder: &Path) -> Result<(), BenchError> {
    fs::create_dir(folder)?;
    let home = ServerHome::start(&folder.join("server"), workload.seed, workload.before(begins))?;
    let mut world = World::new(home, workload.clone(), begins)?;
    world.past()?;
    world.session()?;
    let told = json!({"circle": world.circle, "member": world.members[0], "threads": world.threads});
    fs::write(folder.join("kith.json"), told.to_string())?;
    let (phone, home) = world.end();
    home.stop()?;
    let mut kept = FileStore::open(&folder.join("phone")).map_err(wrong)?;
    for tree in Tree::ALL {
        let mut batch = Batch::default();
        phone.rows(tree).for_each(|(key, value)| batch.put(tree, key, value));
        PhoneStore::commit(&mut kept, batch).map_err(wrong)?;
    }
    Ok(())
}

fn measures(names: [&'static str; 4], cost: Cost) -> Vec<Measure> {
    let values = [cost.trips, cost.up, cost.down, cost.pages];
    let units = ["requests", "bytes of bodies", "bytes of bodies", "bytes of these are pages"];
    let all = names.into_iter().zip(values).zip(units);
    all.map(|((name, value), unit)| measure(name, value as f64, unit)).collect()
}

/// Syncs until a phone has nothing more to say or to ask. What it cost since it was there, but for the last exchange,
/// which brought nothing.
fn quiet(member: &mut Member) -> Result<Cost, BenchError> {
    for _ in 0..ROUNDS_MAX {
        let before = cost(&member.bodies.borrow());
        if exchange(member)?.1 {
            return Ok(before);
        }
    }
    Err(wrong(format!("a phone is not quiet after {ROUNDS_MAX} rounds")))
}

/// What a sync cost, and whether it brought nothing.
fn exchange(member: &mut Member) -> Result<(Cost, bool), BenchError> {
    let before = member.bodies.borrow().len();
    let status = ask(&mut member.phone, json!({"cmd": "sync"}))?;
    let cost = cost(&member.bodies.borrow()[before..]);
    Ok((cost, status["unsentItems"] == 0 && cost.trips == 1 && cost.pages == 0))
}

fn cost(bodies: &[(String, Vec<u8>)]) -> Cost {
    bodies.iter().fold(Cost::default(), |mut cost, (url, body)| {
        let is_up = !url.is_empty();
        cost.trips += usize::from(is_up);
        *(if is_up { &mut cost.up } else { &mut cost.down }) += body.len();
        cost.pages += tape::pages(body).iter().map(Vec::len).sum::<usize>();
        cost
    })
}
