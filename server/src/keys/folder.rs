use std::path::{Path, PathBuf};

use crate::entropy;

use super::{KeyError, OperatorKey, OperatorKeyId, RootSeed, file};

/// The file of the operator's key.
pub const OPERATOR_FILE: &str = "operator.key";
/// The file of the organisation's root.
pub const ROOT_FILE: &str = "root.key";
/// The next operator's key, while it is rotated.
const NEW_FILE: &str = "operator.key.new";
/// The one before, until the rotation is done.
const OLD_FILE: &str = "operator.key.old";
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
    /// The key in use first; then those that a rotation which was broken off left.
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
    /// A file that others can read, that is no key, or that the system does not give.
    pub fn load(folder: &Path, environment: Environment) -> Result<Option<Self>, KeyError> {
        let read = |name| file::read(&folder.join(name)).map(|key| key.map(OperatorKey));
        let operators: Vec<OperatorKey> = match &environment.operator {
            Some(given) => std::iter::once(given.clone()).chain(environment.new.clone()).collect(),
            None => [read(OPERATOR_FILE)?, read(NEW_FILE)?, read(OLD_FILE)?].into_iter().flatten().collect(),
        };
        file::read(&folder.join(ROOT_FILE))?;
        let keys = Self { folder: folder.to_owned(), environment, operators };
        Ok(if keys.operators.is_empty() { None } else { Some(keys) })
    }

    /// Makes the keys of a store that is not there yet; what is there already is kept.
    ///
    /// # Errors
    /// What the system says.
    pub fn make(folder: &Path, environment: Environment) -> Result<Self, KeyError> {
        let [root, operator] = [ROOT_FILE, OPERATOR_FILE].map(|name| folder.join(name));
        // An operator's key without a root was put there by its operator, who has the root elsewhere.
        if environment.operator.is_some() || file::read(&operator)?.is_none() {
            file::create_folder(folder)?;
            if file::read(&root)?.is_none() {
                file::create(&root, &entropy::draw()?)?;
            }
            if environment.operator.is_none() {
                file::create(&operator, &entropy::draw()?)?;
            }
        }
        let missing = || KeyError::Malformed { place: folder.join(OPERATOR_FILE).display().to_string() };
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
        match self.environment.operator {
            Some(_) => VARIABLE.to_owned(),
            None => self.folder.join(OPERATOR_FILE).display().to_string(),
        }
    }

    /// The operator's keys that may have wrapped something: the one in use first.
    #[must_use]
    pub fn operators(&self) -> &[OperatorKey] {
        &self.operators
    }

    /// The key of this name.
    ///
    /// # Errors
    /// [`KeyError::Wrong`] when none of those found is it.
    pub fn operator(&self, id: OperatorKeyId) -> Result<&OperatorKey, KeyError> {
        let found = || self.operators.iter().map(|key| key.id().to_string()).collect::<Vec<_>>().join(", ");
        let wrong = || KeyError::Wrong { expected: id, place: self.place(), found: found() };
        self.operators.iter().find(|key| key.id() == id).ok_or_else(wrong)
    }

    /// The seed of the organisation's root.
    ///
    /// # Errors
    /// [`KeyError::NoRoot`] when it is kept elsewhere; it says where it was looked for.
    pub fn root(&self) -> Result<RootSeed, KeyError> {
        let path = self.folder.join(ROOT_FILE);
        file::read(&path)?.map(RootSeed).ok_or_else(|| KeyError::NoRoot { path: path.display().to_string() })
    }

    /// The key to rotate to, durable where it comes from before it is used: the one that a broken-off rotation
    /// left, or a new one.
    ///
    /// # Errors
    /// [`KeyError::NoNewKey`] when keys come from the environment and it names no new one; what the system says.
    pub fn begin_rotation(&mut self) -> Result<OperatorKey, KeyError> {
        if self.environment.operator.is_some() {
            return self.environment.new.clone().ok_or(KeyError::NoNewKey);
        }
        let path = self.folder.join(NEW_FILE);
        if file::read(&path)?.is_none() {
            file::create(&path, &entropy::draw()?)?;
        }
        let missing = || KeyError::Malformed { place: path.display().to_string() };
        let new = file::read(&path)?.map(OperatorKey).ok_or_else(missing)?;
        if !self.operators.contains(&new) {
            self.operators.push(new.clone());
        }
        Ok(new)
    }

    /// Removes the key before the one in use, which a broken-off rotation left and nothing is wrapped under.
    ///
    /// # Errors
    /// What the system says.
    pub fn settle(&mut self) -> Result<(), KeyError> {
        if self.environment.operator.is_none() && self.folder.join(OLD_FILE).exists() {
            file::remove(&self.folder.join(OLD_FILE))?;
            *self = Self::load(&self.folder, self.environment.clone())?.unwrap_or_else(|| self.clone());
        }
        Ok(())
    }

    /// Puts the new key in the old one's place. Nothing may be wrapped under the old one any more. `operator.key`
    /// is there at every moment, and the old key beside it until the new one is in place.
    ///
    /// # Errors
    /// What the system says.
    pub fn finish_rotation(&mut self, new: &OperatorKey) -> Result<(), KeyError> {
        if self.environment.operator.is_none() {
            let [current, next, old] = [OPERATOR_FILE, NEW_FILE, OLD_FILE].map(|name| self.folder.join(name));
            if let Some(before) = file::read(&current)?.filter(|before| *before != new.0) {
                file::remove(&old)?;
                file::create(&old, &before)?;
            }
            if file::read(&next)?.is_some() {
                file::replace(&next, &current)?;
            }
            file::remove(&old)?;
        }
        self.operators = vec![new.clone()];
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

    #[test]
    fn keys_are_made_once_and_stay() {
        let folder = Folder::new();
        assert!(load(&folder).unwrap().is_none());
        let made = Keys::make(folder.path(), Environment::default()).unwrap();
        let again = Keys::make(folder.path(), Environment::default()).unwrap();
        assert_eq!((made.operators(), made.root().unwrap()), (again.operators(), again.root().unwrap()));
        assert_ne!(made.operators()[0].0, made.root().unwrap().0);
    }

    #[test]
    fn no_key_is_shown_by_debug() {
        let folder = Folder::new();
        let keys = Keys::make(folder.path(), Environment::default()).unwrap();
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
        Keys::make(folder.path(), Environment::default()).unwrap();
        for name in [OPERATOR_FILE, ROOT_FILE] {
            let path = folder.path().join(name);
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
    fn a_file_that_is_no_key_is_named() {
        let folder = Folder::new();
        Keys::make(folder.path(), Environment::default()).unwrap();
        let path = folder.path().join(OPERATOR_FILE);
        for text in ["", "00", &"0g".repeat(32), &"00".repeat(33)] {
            std::fs::write(&path, text).unwrap();
            let error = load(&folder).unwrap_err().to_string();
            assert!(error.starts_with(&path.display().to_string()), "{error}");
        }
    }

    #[test]
    fn a_root_that_is_kept_elsewhere_is_asked_for_by_its_place() {
        let folder = Folder::new();
        let keys = Keys::make(folder.path(), Environment::default()).unwrap();
        std::fs::remove_file(folder.path().join(ROOT_FILE)).unwrap();
        let error = keys.root().unwrap_err().to_string();
        assert!(error.contains(&folder.path().join(ROOT_FILE).display().to_string()), "{error}");
    }

    #[test]
    fn a_rotation_that_stops_anywhere_leaves_every_key_that_is_needed() {
        let folder = Folder::new();
        let before = Keys::make(folder.path(), Environment::default()).unwrap().operators()[0].clone();
        let new = load(&folder).unwrap().unwrap().begin_rotation().unwrap();
        let mut resumed = load(&folder).unwrap().unwrap();
        assert_eq!(resumed.operators(), [before.clone(), new.clone()]);
        assert_eq!(resumed.begin_rotation().unwrap(), new, "a rotation goes on with the key that it began with");
        file::create(&folder.path().join(OLD_FILE), &before.0).unwrap();
        file::replace(&folder.path().join(NEW_FILE), &folder.path().join(OPERATOR_FILE)).unwrap();
        let mut swapped = load(&folder).unwrap().unwrap();
        assert_eq!(swapped.operators(), [new.clone(), before.clone()]);
        swapped.settle().unwrap();
        assert_eq!(swapped.operators(), std::slice::from_ref(&new));
        file::create(&folder.path().join(OLD_FILE), &before.0).unwrap();
        swapped.finish_rotation(&new).unwrap();
        assert_eq!(load(&folder).unwrap().unwrap().operators(), [new]);
        assert!(!folder.path().join(OLD_FILE).exists());
    }

    #[test]
    fn a_key_of_the_environment_wins_and_is_rotated_there() {
        let folder = Folder::new();
        Keys::make(folder.path(), Environment::default()).unwrap();
        let given = Environment { operator: Some(OperatorKey([7; 32])), new: None };
        let mut keys = Keys::load(folder.path(), given).unwrap().unwrap();
        assert_eq!(keys.operators(), [OperatorKey([7; 32])]);
        let folder = Folder::new();
        let given = keys.environment.clone();
        let made = Keys::make(folder.path(), given).unwrap();
        assert!(made.root().is_ok() && !folder.path().join(OPERATOR_FILE).exists());
        assert!(matches!(keys.begin_rotation(), Err(KeyError::NoNewKey)));
    }
}
