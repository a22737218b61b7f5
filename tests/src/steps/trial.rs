//! One trial: a command stopped at a step, what is there then, the command again, what is there then.

use std::collections::BTreeMap;
use std::fs;

use super::case::{Case, Leaves};
use super::report::Trial;
use super::scene::{Place, Scene, SceneError};
use super::trace_output;
use super::{Means, Ran, Stop};

/// What a store in half a restore is refused with.
const UNFINISHED: &str = "did not come to its end";

/// How many steps a command takes.
pub(super) fn count(scene: &Scene, case: &Case, means: Means) -> Result<u64, SceneError> {
    let folder = tempfile::tempdir()?;
    let place = scene.copy(folder.path(), case.has_store(), case.has_keys())?;
    let ran = first(scene, case, &place, means, Stop::Never)?;
    if ran.success && ran.steps > 0 {
        return Ok(ran.steps);
    }
    Err(SceneError::Laid(format!("{} takes {} steps and ends so: {}", case.name, ran.steps, ran.text)))
}

fn first(scene: &Scene, case: &Case, place: &Place, means: Means, stop: Stop) -> Result<Ran, SceneError> {
    let command = place.command(&case.arguments(place, &scene.circle))?;
    Ok(means.run(command, &place.root, stop, case.until)?)
}

pub(super) fn run(scene: &Scene, case: &Case, means: Means, stop: Stop) -> Result<Trial, SceneError> {
    let folder = tempfile::tempdir()?;
    let place = scene.copy(folder.path(), case.has_store(), case.has_keys())?;
    let mut trial = Trial::default();
    let mut names = BTreeMap::new();
    look_at_keys(&place, &mut names, &mut trial)?;
    let ran = first(scene, case, &place, means, stop)?;
    trial.killed = ran.killed;
    if !ran.killed && !ran.success && !matches!(stop, Stop::Full(_)) {
        trial.errors.push(format!("it failed by itself: {}", ran.text));
    }
    if ran.killed && matches!(stop, Stop::Full(_)) {
        trial.errors.push(format!("on a full disk it never ended: {}", ran.text));
    }
    look_at_keys(&place, &mut names, &mut trial)?;
    after_the_stop(scene, case, &place, &mut trial)?;
    let again = place.command(&case.arguments(&place, &scene.circle))?;
    let again = trace_output::run(again, case.until)?;
    if !again.success && !case.done_already.is_some_and(|text| again.text.contains(text)) {
        trial.refused_runs += 1;
        trial.errors.push(format!("done again it was refused: {}", again.text));
    }
    look_at_keys(&place, &mut names, &mut trial)?;
    at_the_end(scene, case, &place, &mut trial)?;
    if case.leaves == Leaves::Begun && again.text.matches("/#/join?").count() != 2 {
        trial.errors.push(format!("a first run that was stopped gives no links: {}", again.text));
    }
    Ok(trial)
}

/// The store opens with all that was there, before anything is done again. Half a restore is refused by name.
fn after_the_stop(scene: &Scene, case: &Case, place: &Place, trial: &mut Trial) -> Result<(), SceneError> {
    match case.leaves {
        Leaves::Empty | Leaves::Begun => return Ok(()),
        // Nothing was begun: this is the directory that was named, as it was.
        Leaves::Restored if !["main", "bodies", "restoring"].iter().any(|name| place.data.join(name).exists()) => {
            return Ok(());
        }
        _ => {}
    }
    match place.scrub()? {
        Ok(counts) => {
            let is_shredded = case.leaves == Leaves::OneCircle && counts == one_circle(&scene.counts);
            if counts != scene.counts && !is_shredded {
                trial.lost += 1;
                trial.errors.push(format!("after the stop: {counts}, not {}", scene.counts));
            }
        }
        Err(text) if case.leaves == Leaves::Restored && text.contains(UNFINISHED) => {}
        Err(text) => {
            trial.refused_starts += 1;
            trial.errors.push(format!("after the stop: {text}"));
        }
    }
    Ok(())
}

/// Done again, all is whole: rows, audit log and keys, and nothing is left over.
fn at_the_end(scene: &Scene, case: &Case, place: &Place, trial: &mut Trial) -> Result<(), SceneError> {
    let expected = match case.leaves {
        Leaves::OneCircle => one_circle(&scene.counts),
        Leaves::Empty => "0 circles, 0 entries, 0 bodies".to_owned(),
        Leaves::Begun => "1 circles, 0 entries, 0 bodies".to_owned(),
        Leaves::All | Leaves::Backup | Leaves::Restored => scene.counts.clone(),
    };
    expect(place, &expected, trial)?;
    let verified = place.operate(&["audit", "verify"])?;
    if !verified.success {
        trial.errors.push(format!("the audit log: {}", verified.text));
    }
    let mut left: Vec<String> = ["", "data", "data-keys"]
        .iter()
        .filter_map(|folder| fs::read_dir(place.root.join(folder)).ok())
        .flatten()
        .map(|file| Ok(file?.file_name().to_string_lossy().into_owned()))
        .collect::<std::io::Result<_>>()?;
    left.retain(|name| [".new", ".old", ".part"].iter().any(|end| name.ends_with(end)) || name == "restoring");
    if !left.is_empty() {
        trial.errors.push(format!("left over: {}", left.join(", ")));
    }
    if case.leaves == Leaves::Backup {
        // Any backup that bears the name is whole.
        let other = place.root.join("other");
        let restored = Place { data: other, keys: place.keys.clone(), ..place.clone() };
        let (copy, keys) = (place.copy.display().to_string(), place.keys.display().to_string());
        let ran = restored.operate(&["--keys", &keys, "restore", "--from", &copy])?;
        if !ran.success || !ran.text.contains(" in 2 circles checked") {
            trial.lost += 1;
            trial.errors.push(format!("the backup: {}", ran.text));
        }
    }
    Ok(())
}

fn expect(place: &Place, expected: &str, trial: &mut Trial) -> Result<(), SceneError> {
    match place.scrub()? {
        Ok(counts) if counts == expected => {}
        Ok(counts) => {
            trial.lost += 1;
            trial.errors.push(format!("at the end: {counts}, not {expected}"));
        }
        Err(text) => {
            trial.refused_starts += 1;
            trial.errors.push(format!("at the end: {text}"));
        }
    }
    Ok(())
}

fn one_circle(counts: &str) -> String {
    counts.replacen("2 circles", "1 circles", 1)
}

/// No name of a key has ever stood for two: what is still being written has no name yet.
fn look_at_keys(place: &Place, names: &mut BTreeMap<String, Vec<u8>>, trial: &mut Trial) -> Result<(), SceneError> {
    let files = match fs::read_dir(&place.keys) {
        Ok(files) => files,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    for file in files {
        let file = file?;
        let (name, bytes) = (file.file_name().to_string_lossy().into_owned(), fs::read(file.path())?);
        if !name.ends_with(".part") && names.insert(name.clone(), bytes.clone()).is_some_and(|before| before != bytes) {
            trial.shared_names += 1;
            trial.errors.push(format!("{name} has stood for two keys"));
        }
    }
    Ok(())
}
