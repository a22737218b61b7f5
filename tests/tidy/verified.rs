//! What came from outside is closed (`trust::Signed`) until it is checked, and what was checked says so by its type
//! (`trust::Verified`). The compiler holds that but for two doors, which are held here: what one's own store holds is
//! taken without a check, and a check and an encoding look inside.

use syn::visit::{self, Visit};
use syn::{ImplItemFn, ReturnType, Visibility};

use quote::ToTokens;

use super::source::{Source, hold, is_test, naming, sources};

/// Where rows of one's own store become statements, heads and warrants again; all else is checked.
const OWN_STORE: [&str; 5] = [
    "shared/src/trust/signed.rs",
    "shared/src/sync/statements/row.rs",
    "shared/src/client/parts/keyring/history.rs",
    "shared/src/client/parts/keyring/pending.rs",
    "shared/src/client/parts/keyring/stored.rs",
];
/// What says something itself.
const OWN_HAND: [&str; 2] = ["shared/src/trust/", "shared/src/client/"];
/// Where checks and encodings are.
const LOOKS_INSIDE: [&str; 9] = [
    "shared/src/trust/signed.rs",
    "shared/src/trust/enrol.rs",
    "shared/src/trust/chain/head.rs",
    "shared/src/trust/chain/mod.rs",
    "shared/src/trust/statement/claimed.rs",
    "shared/src/trust/statement/commission.rs",
    "shared/src/trust/statement/warrant.rs",
    "shared/src/wire/request.rs",
    "shared/src/client/code.rs",
];
/// The one check of bare keys: there is nothing to open.
const BARE_KEYS: &str = "shared/src/trust/device.rs";

fn code() -> Vec<Source> {
    sources(&[".rs"]).into_iter().filter(|source| !is_test(source)).collect()
}

fn is_one_of(allowed: &'static [&'static str]) -> impl Fn(&Source) -> bool {
    |source| allowed.contains(&source.path.as_str())
}

#[test]
fn what_is_taken_without_a_check_is_of_ones_own_store() {
    let broken = naming(&code(), &["from_own_store"], is_one_of(&OWN_STORE));
    hold("what comes from elsewhere is checked: `Signed::verify`, `Chain::verify`", broken);
}

#[test]
fn each_place_that_takes_without_a_check_still_does() {
    let code = code();
    let takes = |path: &&str| code.iter().any(|source| source.path == **path && source.text.contains("from_own_store"));
    let gone = OWN_STORE.iter().filter(|path| !takes(path)).map(|path| (*path).to_owned()).collect();
    hold("it takes nothing without a check any more: take it off the list", gone);
}

#[test]
fn only_a_phone_takes_its_own_word_unchecked() {
    let is_own = |source: &Source| OWN_HAND.iter().any(|folder| source.is_in(folder));
    let broken = naming(&code(), &["by_own_hand", "from_own_hand"], is_own);
    hold("what others said is checked", broken);
}

#[test]
fn only_checks_and_encodings_look_inside_of_what_is_not_checked() {
    let broken = naming(&code(), &[".claimed()", "Signed::claimed"], is_one_of(&LOOKS_INSIDE));
    hold("check it, or add a `claimed_…` that says what is read before the check, and why", broken);
}

/// Public checks that give nothing.
#[derive(Default)]
struct Checks(Vec<String>);

impl<'ast> Visit<'ast> for Checks {
    fn visit_impl_item_fn(&mut self, found: &'ast ImplItemFn) {
        let name = found.sig.ident.to_string();
        let gives = match &found.sig.output {
            ReturnType::Default => String::new(),
            ReturnType::Type(_, given) => given.to_token_stream().to_string(),
        };
        let is_public = matches!(found.vis, Visibility::Public(_));
        if is_public && name.starts_with("verify") && (gives.starts_with("Result < ()") || gives == "bool") {
            self.0.push(name);
        }
        visit::visit_impl_item_fn(self, found);
    }
}

fn checks(text: &str) -> Vec<String> {
    let mut found = Checks::default();
    found.visit_file(&syn::parse_file(text).unwrap());
    found.0
}

#[test]
fn a_check_gives_what_it_checked() {
    let judged = code().into_iter().filter(|source| source.is_in("shared/src/") && source.path != BARE_KEYS);
    let named = |source: Source| checks(&source.text).into_iter().map(move |name| format!("{}: {name}", source.path));
    hold("a check that gives `()` can be left out: give a `Verified`", judged.flat_map(named).collect());
}

#[test]
fn a_check_that_gives_nothing_is_found() {
    assert_eq!(checks("impl A { pub fn verify(&self) -> Result<(), E> { Ok(()) } }"), ["verify"]);
    assert_eq!(checks("impl A { pub fn verify_it(&self) -> bool { true } }"), ["verify_it"]);
    assert!(checks("impl A { pub fn verify(self) -> Result<Verified<A>, E> { todo!() } }").is_empty());
    assert!(checks("impl A { fn verify(&self) -> Result<(), E> { Ok(()) } }").is_empty());
}
