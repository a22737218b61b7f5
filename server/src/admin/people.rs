//! Who is in a circle, in ids alone, and what the root says of them.

use kith_shared::ids::{CircleId, DeviceId, InviteKey, MemberId, SealingKey};
use kith_shared::sync::statements::{CircleChain, HubKeys};
use kith_shared::time::TimestampMs;
use kith_shared::trust::{
    Beginners, Confirm, Demote, Helplines, MemberState, Remove, ReportKey, Role, Setting, Signer, SigningSecret,
    StatementBody, StatementProblem, Withdraw,
};

use crate::store::Store;

use super::AdminError;
use super::chain::{edit, existing};

/// A member of a circle, as an operator sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The member's id, as the operator's commands take it.
    pub member: MemberId,
    /// What they may do.
    pub role: Role,
    /// The best state of any of their devices.
    pub state: MemberState,
    /// Their devices, and how each stands.
    pub devices: Vec<(DeviceId, MemberState)>,
}

/// All who are or were in a circle.
///
/// # Errors
/// [`AdminError::NoCircle`]; what the store says.
pub async fn list(store: &dyn Store, circle: CircleId) -> Result<Vec<Person>, AdminError> {
    let chain = existing(store, circle).await?;
    let standing = chain.standing();
    let devices = |member| {
        let own = standing.devices().filter(move |device| device.member == member);
        own.map(|device| (device.id, device.state)).collect()
    };
    let members = standing.members().map(|member| Person {
        member: member.id,
        role: member.role,
        state: member.state,
        devices: devices(member.id),
    });
    Ok(members.collect())
}

/// The root, as it speaks in one circle.
#[derive(Clone, Copy)]
pub struct Root<'a> {
    /// Where the circle is kept.
    pub store: &'a dyn Store,
    /// What its server signs with.
    pub keys: &'a HubKeys,
    /// What the root signs with.
    pub secret: &'a SigningSecret,
    /// The circle.
    pub circle: CircleId,
    /// The time of what it says.
    pub now: TimestampMs,
}

impl Root<'_> {
    /// Takes a member or a device out.
    ///
    /// # Errors
    /// [`AdminError::NoCircle`]; [`AdminError::Statement`] when the circle does not know them; what the store says.
    pub async fn remove(self, who: Remove) -> Result<(), AdminError> {
        self.say(|_| Ok(StatementBody::Remove(who))).await
    }

    /// Makes a facilitator a member again.
    ///
    /// # Errors
    /// As [`Self::remove`].
    pub async fn demote(self, member: MemberId) -> Result<(), AdminError> {
        self.say(|_| Ok(StatementBody::Demote(Demote { member }))).await
    }

    /// Decides who begins conversations.
    ///
    /// # Errors
    /// As [`Self::remove`]; [`AdminError::Statement`] when it is so already.
    pub async fn conversations(self, by: Beginners) -> Result<(), AdminError> {
        self.say(|_| Ok(StatementBody::Setting(Setting::Conversations(by)))).await
    }

    /// Says whom people can call, as the organisation's whole list. Whether that is news.
    ///
    /// # Errors
    /// As [`Self::remove`]; [`AdminError::Statement`] for a list that no circle takes.
    pub async fn helplines(self, helplines: &Helplines) -> Result<bool, AdminError> {
        match self.say(|_| Ok(StatementBody::Helplines(helplines.clone()))).await {
            Ok(()) => Ok(true),
            Err(AdminError::Statement(StatementProblem::NoChange)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Says what reports to the organisation are sealed to from now on; none: it takes no more. Whether that is news.
    ///
    /// # Errors
    /// As [`Self::remove`]; [`AdminError::Statement`] for a key that nothing can be sealed to.
    pub async fn report_key(self, key: Option<SealingKey>) -> Result<bool, AdminError> {
        match self.say(|_| Ok(StatementBody::ReportKey(ReportKey { key }))).await {
            Ok(()) => Ok(true),
            Err(AdminError::Statement(StatementProblem::NoChange)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Ends an invitation before its time.
    ///
    /// # Errors
    /// As [`Self::remove`].
    pub async fn withdraw(self, invite: InviteKey) -> Result<(), AdminError> {
        self.say(|_| Ok(StatementBody::Withdraw(Withdraw { invite }))).await
    }

    /// Brings a member back who was taken out, or lets one in who waits: undoes the record that did it, which it names,
    /// and none that came later.
    ///
    /// # Errors
    /// As [`Self::remove`]; [`AdminError::NoMember`], [`AdminError::NotOut`].
    pub async fn bring_back(self, member: MemberId) -> Result<(), AdminError> {
        self.say(|chain| {
            let record = chain.standing().member(&member).ok_or(AdminError::NoMember(member))?;
            let undoes = record.undone_by_confirm.ok_or(AdminError::NotOut(member))?;
            Ok(StatementBody::Confirm(Confirm { member, undoes }))
        })
        .await
    }

    /// Says something, as the next record of the chain.
    pub(super) async fn say(
        self,
        body: impl Fn(&CircleChain) -> Result<StatementBody, AdminError>,
    ) -> Result<(), AdminError> {
        let Self { store, keys, secret, circle, now } = self;
        edit(store, circle, now, |chain| {
            let statement = chain.draft(None, body(chain)?, now).sign(Signer::Root(secret));
            chain.admit(statement, Vec::new(), keys, now)?;
            Ok(())
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use kith_shared::trust::Helpline;

    use super::*;
    use crate::routes::testing::Server;

    #[tokio::test]
    async fn the_root_decides_who_begins_conversations() {
        let server = Server::new().await;
        let ana = server.joined(1, Role::Member).await;
        let begins = async || {
            let chain = server.chain().await;
            chain.standing().roster().author(&ana.secret.id()).unwrap().0.begins
        };
        assert!(begins().await);
        server.by_root().conversations(Beginners::Facilitators).await.unwrap();
        assert!(!begins().await);
        let again = server.by_root().conversations(Beginners::Facilitators).await;
        assert!(matches!(again, Err(AdminError::Statement(StatementProblem::NoChange))), "{again:?}");
        server.by_root().conversations(Beginners::Everyone).await.unwrap();
        assert!(begins().await);
        let store = server.app.store.as_ref();
        let circles = crate::admin::circle::list(store).await.unwrap();
        let found = crate::store::consistency::check(store, &circles).await.unwrap();
        assert_eq!(found.problems, Vec::<String>::new());
        let record = server.chain().await;
        assert_eq!(record.standing().beginners(), Beginners::Everyone);
    }

    #[tokio::test]
    async fn the_root_says_whom_people_can_call() {
        let server = Server::new().await;
        let line = Helpline { name: "Night line".to_owned(), phone: "100".to_owned(), ..Helpline::default() };
        let lines = Helplines(vec![line.clone()]);
        assert!(server.by_root().helplines(&lines).await.unwrap());
        assert!(!server.by_root().helplines(&lines).await.unwrap(), "it was said already");
        assert_eq!(server.chain().await.standing().helplines(), &lines);
        let wrong = Helplines(vec![Helpline { phone: "call us".to_owned(), ..line }]);
        let refused = server.by_root().helplines(&wrong).await;
        assert!(matches!(refused, Err(AdminError::Statement(StatementProblem::Malformed))), "{refused:?}");
        assert!(server.by_root().helplines(&Helplines::default()).await.unwrap());
        let store = server.app.store.as_ref();
        let circles = crate::admin::circle::list(store).await.unwrap();
        let found = crate::store::consistency::check(store, &circles).await.unwrap();
        assert_eq!(found.problems, Vec::<String>::new());
    }

    #[tokio::test]
    async fn the_root_says_what_reports_are_sealed_to_and_that_it_takes_no_more() {
        let server = Server::new().await;
        let one = kith_shared::seal::SealingSecret([3; 32]).public();
        assert!(server.by_root().report_key(Some(one)).await.unwrap());
        assert!(!server.by_root().report_key(Some(one)).await.unwrap(), "it was said already");
        assert_eq!(server.chain().await.standing().report_key(), Some(one));
        let weak = server.by_root().report_key(Some(SealingKey([0; 32]))).await;
        assert!(matches!(weak, Err(AdminError::Statement(StatementProblem::Malformed))), "{weak:?}");
        assert!(server.by_root().report_key(None).await.unwrap());
        assert_eq!(server.chain().await.standing().report_key(), None);
    }

    #[tokio::test]
    async fn the_root_takes_out_and_brings_back_and_the_list_says_so() {
        let server = Server::new().await;
        let (ana, ben) = (server.enrolled(1).await, server.joined(2, Role::Member).await);
        let (root, store, circle) = (server.by_root(), server.app.store.as_ref(), server.circle);
        let people = || async { list(store, circle).await.unwrap() };
        let of = |people: &[Person], device| {
            people.iter().find(|person| person.devices.iter().any(|(id, _)| *id == device)).cloned().unwrap()
        };
        let found = people().await;
        assert_eq!(found.len(), 2);
        assert_eq!(of(&found, ana.secret.id()).role, Role::Facilitator);
        let member = of(&found, ben.secret.id()).member;
        root.remove(Remove::Member(member)).await.unwrap();
        assert_eq!(of(&people().await, ben.secret.id()).state, MemberState::Removed);
        root.bring_back(member).await.unwrap();
        let again = root.bring_back(member).await;
        assert!(matches!(again, Err(AdminError::NotOut(_))), "{again:?}");
        assert_eq!(of(&people().await, ben.secret.id()).state, MemberState::Active);
        root.remove(Remove::Device(ana.secret.id())).await.unwrap();
        assert_eq!(of(&people().await, ana.secret.id()).devices, [(ana.secret.id(), MemberState::Removed)]);
        let nobody = root.remove(Remove::Member(MemberId([9; 16]))).await;
        assert!(matches!(nobody, Err(AdminError::Statement(StatementProblem::UnknownTarget))), "{nobody:?}");
        let nowhere = list(store, CircleId([9; 16])).await;
        assert!(matches!(nowhere, Err(AdminError::NoCircle(_))), "{nowhere:?}");
    }
}
