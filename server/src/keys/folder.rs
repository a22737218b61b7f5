use std::path::{Path, PathBuf};

use crate::entropy;

use super::operator_file::{self, DRAFT_SUFFIX, OperatorFile, Standing};
use super::{KeyError, OperatorKey, OperatorKeyId, RootSeed, file};

/// The file of the organisation's root.
pub const ROOT_FILE: &str = "root.key";
const VARIABLE: &str = "KITH_OPERATOR_KEY";
const NEW_VARIABLE: &str = "KITH_OPERATOR_KEY_NEW";

/// Keys that the environment gives in place of files.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// `KITH_OPERATOR_KEY`.
    pub operator: Option<OperatorKey>,
    /// `KITH_OPERATOR_KEY_NEW`: what to rotate to.
    pub new: Option<OperatorKey>,
}

/// The operator's keys, as they were found.
#[derive(Clone, Debug)]
pub struct Keys {
    folder: PathBuf,
    environment: Environment,
    /// What is in the folder; empty where the environment gives the keys.
    files: Vec<OperatorFile>,
    /// The key in use first, once it is known; then all others.
    operators: Vec<OperatorKey>,
}

impl Environment {
    /// What the process's environment holds.
    ///
    /// # Errors
    /// When a variable is there and is no key.
    pub fn read() -> Result<Self, KeyError> {
        let read = |name: &str| match std::env::var(name) {
            Ok(text) => file::parse(text.trim()).map(|key| Some(OperatorKey(key))),
            Err(std::env::VarError::NotPresent) => Some(None),
            Err(std::env::VarError::NotUnicode(_)) => None,
        };
        let checked = |name: &str| read(name).ok_or_else(|| KeyError::Malformed { place: name.to_owned() });
        Ok(Self { operator: checked(VARIABLE)?, new: checked(NEW_VARIABLE)? })
    }
}

impl Keys {
    /// What is in the folder or the environment; `None` when there is no operator's key.
    ///
    /// # Errors
    /// A file that others can read, that is no key, another than its name says, or that the system does not give.
    pub fn load(folder: &Path, environment: Environment) -> Result<Option<Self>, KeyError> {
        let files = match environment.operator {
            Some(_) => Vec::new(),
            None => operator_file::all(folder)?,
        };
        file::read(&folder.join(ROOT_FILE))?;
        if environment.operator.is_none() && files.is_empty() {
            return Ok(None);
        }
        let mut keys = Self { folder: folder.to_owned(), environment, files, operators: Vec::new() };
        let given = keys.environment.operator.iter().chain(&keys.environment.new);
        let found: Vec<OperatorKey> = match &keys.environment.operator {
            Some(_) => given.cloned().collect(),
            None => keys.files.iter().map(|file| file.key.clone()).collect(),
        };
        found.iter().for_each(|key| keys.learn(key));
        Ok(Some(keys))
    }

    /// Makes the keys of a store that is not there yet; what is there already is kept. Only one process may do so
    /// at a time: whoever calls this holds the data directory.
    ///
    /// # Errors
    /// What the system says.
    pub fn make(folder: &Path, environment: Environment) -> Result<Self, KeyError> {
        let is_given = environment.operator.is_some();
        // An operator's key without a root was put there by its operator, who has the root elsewhere.
        if is_given || operator_file::all(folder)?.is_empty() {
            file::create_folder(folder)?;
            operator_file::clear_drafts(folder)?;
            let root = folder.join(ROOT_FILE);
            if file::read(&root)?.is_none() {
                let seed = entropy::draw()?;
                let draft = format!("{ROOT_FILE}.{}{DRAFT_SUFFIX}", OperatorKey(seed).id());
                file::create(&root, &folder.join(draft), &seed)?;
            }
            if !is_given {
                operator_file::create(folder, Standing::Used, &OperatorKey(entropy::draw()?))?;
            }
        }
        let missing = || KeyError::Malformed { place: folder.display().to_string() };
        Self::load(folder, environment)?.ok_or_else(missing)
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the operator's key is, for people.
    #[must_use]
    pub fn place(&self) -> String {
        let is_first = |file: &&OperatorFile| Some(&file.key) == self.operators.first();
        match (&self.environment.operator, self.files.iter().find(is_first)) {
            (Some(_), _) => VARIABLE.to_owned(),
            (None, Some(file)) => self.folder.join(&file.name).display().to_string(),
            (None, None) => self.folder.display().to_string(),
        }
    }

    /// The key that a new store is begun under.
    ///
    /// # Errors
    /// [`KeyError::Several`] when it is not clear which.
    pub fn for_new_store(&self) -> Result<&OperatorKey, KeyError> {
        let used = self.files.iter().filter(|file| file.standing == Standing::Used).map(|file| &file.key);
        let mut used: Vec<&OperatorKey> = used.collect();
        used.dedup();
        match (&self.environment.operator, &used[..], &self.operators[..]) {
            (Some(given), _, _) => Ok(given),
            (None, [only], _) => Ok(only),
            (None, [], [only]) => Ok(only),
            _ => Err(KeyError::Several { folder: self.folder.display().to_string(), found: self.found() }),
        }
    }

    /// The operator's keys that may have wrapped something: the one in use first, once [`Self::settle`] knows it.
    #[must_use]
    pub fn operators(&self) -> &[OperatorKey] {
        &self.operators
    }

    /// The key of this name.
    ///
    /// # Errors
    /// [`KeyError::Wrong`] when none of those found is it.
    pub fn operator(&self, id: OperatorKeyId) -> Result<&OperatorKey, KeyError> {
        let place = || match self.environment.operator {
            Some(_) => VARIABLE.to_owned(),
            None => self.folder.display().to_string(),
        };
        let wrong = || KeyError::Wrong { expected: id, place: place(), found: self.found() };
        self.operators.iter().find(|key| key.id() == id).ok_or_else(wrong)
    }

    /// Takes in a key that is to be known from here on.
    pub fn learn(&mut self, key: &OperatorKey) {
        if !self.operators.contains(key) {
            self.operators.push(key.clone());
        }
    }

    /// Puts the key in use first.
    pub fn prefer(&mut self, used: OperatorKeyId) {
        self.operators.sort_by_key(|key| key.id() != used);
    }

    fn found(&self) -> String {
        self.operators.iter().map(|key| key.id().to_string()).collect::<Vec<_>>().join(", ")
    }

    /// The seed of the organisation's root.
    ///
    /// # Errors
    /// [`KeyError::NoRoot`] when it is kept elsewhere; it says where it was looked for.
    pub fn root(&self) -> Result<RootSeed, KeyError> {
        let path = self.folder.join(ROOT_FILE);
        file::read(&path)?.map(RootSeed).ok_or_else(|| KeyError::NoRoot { path: path.display().to_string() })
    }

    /// The key to rotate to from `used`, durable where it comes from before it is used: the one that a rotation
    /// that was stopped left, or a new one. From here on the one in use is marked as the old one.
    ///
    /// # Errors
    /// [`KeyError::NoNewKey`] when keys come from the environment and it names no new one; what the system says.
    pub fn begin_rotation(&mut self, used: OperatorKeyId) -> Result<OperatorKey, KeyError> {
        if self.environment.operator.is_some() {
            return self.environment.new.clone().ok_or(KeyError::NoNewKey);
        }
        let new = match self.files.iter().find(|file| file.standing == Standing::New) {
            Some(file) => file.key.clone(),
            None => {
                operator_file::clear_drafts(&self.folder)?;
                let new = OperatorKey(entropy::draw()?);
                operator_file::create(&self.folder, Standing::New, &new)?;
                new
            }
        };
        if used != new.id() {
            let is_old = |file: &&OperatorFile| file.standing == Standing::Used && file.key.id() == used;
            for file in self.files.iter().filter(is_old) {
                self.rename(file, Standing::Old)?;
            }
        }
        self.read_again(used)?;
        Ok(new)
    }

    /// Ends a rotation to `used`, under which every data key is: it gets its name, then the old one goes. Tells
    /// whether there was anything to end. Stopped, it goes on when it is asked for again.
    ///
    /// # Errors
    /// What the system says.
    pub fn settle(&mut self, used: OperatorKeyId) -> Result<bool, KeyError> {
        let is_other = |file: &&OperatorFile| file.key.id() != used;
        let is_new = |file: &&OperatorFile| file.standing == Standing::New && !is_other(file);
        let new = self.files.iter().find(is_new);
        let is_named = self.files.iter().any(|file| file.standing == Standing::Used && file.key.id() == used);
        let old: Vec<_> = self.files.iter().filter(|file| file.standing == Standing::Old).filter(is_other).collect();
        let ends = new.is_some() || (is_named && !old.is_empty());
        if let Some(new) = new {
            self.rename(new, Standing::Used)?;
        }
        if ends {
            old.iter().try_for_each(|file| file::remove(&self.folder.join(&file.name)))?;
        }
        self.read_again(used)?;
        Ok(ends)
    }

    fn rename(&self, file: &OperatorFile, standing: Standing) -> Result<(), KeyError> {
        let to = operator_file::name(&file.key, standing);
        file::rename(&self.folder.join(&file.name), &self.folder.join(to))
    }

    /// Reads the folder again, with the key in use first.
    fn read_again(&mut self, used: OperatorKeyId) -> Result<(), KeyError> {
        if let Some(read) = Self::load(&self.folder, self.environment.clone())? {
            *self = read;
        }
        self.prefer(used);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Folder;

    fn load(folder: &Folder) -> Result<Option<Keys>, KeyError> {
        Keys::load(folder.path(), Environment::default())
    }

    fn made(folder: &Folder) -> Keys {
        Keys::make(folder.path(), Environment::default()).unwrap()
    }

    /// The file of the one key that is there.
    fn place(folder: &Folder) -> PathBuf {
        PathBuf::from(load(folder).unwrap().unwrap().place())
    }

    #[test]
    fn keys_are_made_once_and_stay() {
        let folder = Folder::new();
        assert!(load(&folder).unwrap().is_none());
        let (made, again) = (made(&folder), made(&folder));
        assert_eq!((made.operators(), made.root().unwrap()), (again.operators(), again.root().unwrap()));
        assert_ne!(made.operators()[0].0, made.root().unwrap().0);
        assert_eq!(place(&folder), folder.path().join(format!("operator-{}.key", made.operators()[0].id())));
    }

    #[test]
    fn no_key_is_shown_by_debug() {
        let folder = Folder::new();
        let keys = made(&folder);
        let shown = format!("{keys:?} {:?}", keys.root().unwrap());
        assert!(shown.contains("OperatorKey(hidden)") && shown.contains("RootSeed(hidden)"), "{shown}");
        let bytes = format!("{:?}", keys.operators()[0].0);
        assert!(!shown.contains(bytes.trim_matches(['[', ']'])));
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_can_read_is_refused_with_what_to_do() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = Folder::new();
        made(&folder);
        for path in [place(&folder), folder.path().join(ROOT_FILE)] {
            for mode in [0o640, 0o604, 0o620] {
                std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
                let error = load(&folder).unwrap_err().to_string();
                assert!(error.contains(&format!("chmod 600 {}", path.display())), "{error}");
            }
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o400)).unwrap();
            assert!(load(&folder).unwrap().is_some());
        }
    }

    #[test]
    fn a_file_that_is_no_key_or_another_one_is_named() {
        let folder = Folder::new();
        made(&folder);
        let path = place(&folder);
        for text in ["", "00", &"0g".repeat(32), &"00".repeat(33), &"00".repeat(32)] {
            std::fs::write(&path, text).unwrap();
            let error = load(&folder).unwrap_err().to_string();
            assert!(error.starts_with(&path.display().to_string()), "{error}");
        }
    }

    #[test]
    fn a_root_that_is_kept_elsewhere_is_asked_for_by_its_place() {
        let folder = Folder::new();
        let keys = made(&folder);
        std::fs::remove_file(folder.path().join(ROOT_FILE)).unwrap();
        let error = keys.root().unwrap_err().to_string();
        assert!(error.contains(&folder.path().join(ROOT_FILE).display().to_string()), "{error}");
    }

    /// What is in a folder, with the two keys of a rotation called X and Y.
    fn names(folder: &Folder, [x, y]: [OperatorKeyId; 2]) -> Vec<String> {
        let short = |name: String| name.replace(&x.to_string(), "X").replace(&y.to_string(), "Y");
        let names = file::names(folder.path()).unwrap().into_iter();
        let mut found: Vec<String> =
            names.filter(|name| name != ROOT_FILE).map(|name| short(name.replace("operator-", ""))).collect();
        found.sort();
        found
    }

    #[test]
    fn what_a_rotation_left_is_told_by_its_names_and_goes_on_with_the_key_that_it_began_with() {
        let folder = Folder::new();
        let old = made(&folder).operators()[0].clone();
        let mut keys = load(&folder).unwrap().unwrap();
        let new = keys.begin_rotation(old.id()).unwrap();
        let ids = [old.id(), new.id()];
        assert_eq!(keys.operators(), [old.clone(), new.clone()]);
        let path = |key: &OperatorKey, standing| folder.path().join(operator_file::name(key, standing));
        file::rename(&path(&old, Standing::Old), &path(&old, Standing::Used)).unwrap();
        assert_eq!(names(&folder, ids), ["X.key", "Y.new"], "stopped before the old one was marked");
        for _ in 0..2 {
            let mut keys = load(&folder).unwrap().unwrap();
            assert!(!keys.settle(old.id()).unwrap(), "a start in between ends nothing and loses nothing");
            assert_eq!(keys.operators()[0], old);
            assert_eq!(keys.begin_rotation(old.id()).unwrap(), new);
            assert_eq!(names(&folder, ids), ["X.old", "Y.new"]);
        }
        file::rename(&path(&new, Standing::New), &path(&new, Standing::Used)).unwrap();
        let mut keys = load(&folder).unwrap().unwrap();
        assert!(keys.settle(new.id()).unwrap(), "stopped before the old one was removed");
        assert_eq!((keys.settle(new.id()).unwrap(), names(&folder, ids)), (false, vec!["Y.key".to_owned()]));
        assert_eq!(keys.operators(), [new]);
    }

    #[test]
    fn a_key_that_was_never_whole_is_cleared_away_and_never_written_over() {
        let folder = Folder::new();
        let old = made(&folder).operators()[0].clone();
        let draft = folder.path().join("operator-0102030405060708.new.part");
        std::fs::write(&draft, "0123").unwrap();
        let before = std::fs::File::open(&draft).unwrap();
        let mut keys = load(&folder).unwrap().unwrap();
        let new = keys.begin_rotation(old.id()).unwrap();
        keys.settle(new.id()).unwrap();
        assert_eq!(names(&folder, [old.id(), new.id()]), ["Y.key"]);
        assert_eq!(std::io::read_to_string(before).unwrap(), "0123");
    }

    #[test]
    fn keys_for_backups_may_lie_beside_the_one_in_use_and_stay() {
        let folder = Folder::new();
        let used = made(&folder).operators()[0].clone();
        let kept = OperatorKey([7; 32]);
        std::fs::copy(place(&folder), folder.path().join("operator.key")).unwrap();
        operator_file::create(folder.path(), Standing::Used, &kept).unwrap();
        let mut keys = load(&folder).unwrap().unwrap();
        assert!(matches!(keys.for_new_store(), Err(KeyError::Several { .. })));
        keys.settle(used.id()).unwrap();
        assert_eq!(keys.operators(), [used.clone(), kept.clone()]);
        let new = keys.begin_rotation(used.id()).unwrap();
        keys.settle(new.id()).unwrap();
        assert_eq!(load(&folder).unwrap().unwrap().operators().len(), 2, "both names of the old one are gone");
        assert_eq!(keys.operators(), [new, kept]);
    }

    #[test]
    fn a_key_of_the_environment_wins_and_is_rotated_there() {
        let folder = Folder::new();
        made(&folder);
        let given = Environment { operator: Some(OperatorKey([7; 32])), new: None };
        let mut keys = Keys::load(folder.path(), given).unwrap().unwrap();
        assert_eq!(keys.operators(), [OperatorKey([7; 32])]);
        let folder = Folder::new();
        let given = keys.environment.clone();
        let made = Keys::make(folder.path(), given).unwrap();
        assert!(made.root().is_ok() && operator_file::all(folder.path()).unwrap().is_empty());
        assert!(matches!(keys.begin_rotation(OperatorKey([7; 32]).id()), Err(KeyError::NoNewKey)));
    }
}
