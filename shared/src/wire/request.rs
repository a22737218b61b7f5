use crate::codec::{DecodeError, Reader, Writer};
use crate::ids::{BodyId, CircleId, DeviceId, EpochId, PageMark};
use crate::time::TimestampMs;
use crate::trust::{Check, DevicePublic, DeviceSecret, Purpose, RequestProblem, RequestStamp, Signature, Signed};

use super::chains::{HeaderReader, HeaderWriter};
use super::{
    BroughtBack, BroughtText, CIRCLES_MAX, CURSOR_BYTES_MAX, ChainCursor, CircleAsk, DocumentClock, GivenText,
    LACKING_MAX, PAGES_MAX, PROTOCOL_VERSION, RequestHeader, STATEMENTS_MAX, Stated, WANTED_BODIES_MAX,
};

impl RequestHeader {
    /// A header signed as `device` at `time`, for the pages with these marks: at most [`PAGES_MAX`].
    #[must_use]
    pub fn sign(
        device: &DeviceSecret,
        time: TimestampMs,
        response_bytes_max: u32,
        circles: Vec<CircleAsk>,
        pages: Vec<PageMark>,
    ) -> Signed<Self> {
        let stamp = RequestStamp { device: device.id(), time };
        let mut header = Self { stamp, response_bytes_max, circles, pages, signature: Signature([0; 64]) };
        header.signature = stamp.sign(device, Purpose::Sync, &header.signed_content());
        Signed::new(header)
    }

    /// The bytes that the signature covers: the version and the header as encoded, before deflating, without
    /// the signature.
    #[must_use]
    pub fn signed_content(&self) -> Vec<u8> {
        let mut writer = Writer::new();
        writer.byte(PROTOCOL_VERSION).raw(self.stamp.device.as_bytes()).number(self.stamp.time.0);
        let mut header = HeaderWriter::new();
        header.body.number(self.response_bytes_max.into()).count(self.circles.len());
        for ask in &self.circles {
            ask.write(&mut header);
        }
        header.body.count(self.pages.len());
        for page in &self.pages {
            header.body.raw(page.as_bytes());
        }
        header.finish(&mut writer);
        writer.into_bytes()
    }

    fn write(&self) -> Vec<u8> {
        let mut content = self.signed_content().split_off(1);
        content.extend_from_slice(&self.signature.0);
        content
    }

    pub(super) fn read(content: &[u8]) -> Result<Signed<Self>, DecodeError> {
        let mut reader = Reader::new(content);
        let stamp = RequestStamp {
            device: DeviceId(reader.array("device")?),
            time: TimestampMs(reader.number("request time")?),
        };
        let len = reader.rest().len().checked_sub(64).ok_or(DecodeError::Short { what: "request signature" })?;
        let mut body = Reader::new(reader.take(len, "request")?);
        let signature = Signature(reader.array("request signature")?);
        let mut header = HeaderReader::new(&mut body)?;
        let response_bytes_max = header.body.number_as("response bytes")?;
        let count = header.body.count(CIRCLES_MAX, "circles")?;
        let mut circles: Vec<CircleAsk> = Vec::with_capacity(count);
        for _ in 0..count {
            let ask = CircleAsk::read(&mut header)?;
            // Else a small request would have the same work done for it again and again.
            if circles.iter().any(|other| other.circle == ask.circle) {
                return Err(DecodeError::Invalid { what: "circle named twice" });
            }
            circles.push(ask);
        }
        let count = header.body.count(PAGES_MAX, "pages")?;
        let pages = (0..count).map(|_| header.body.array("page mark").map(PageMark)).collect::<Result<_, _>>()?;
        header.finish("request")?;
        Ok(Signed::new(Self { stamp, response_bytes_max, circles, pages, signature }))
    }
}

/// Signature, then clock.
impl Check for RequestHeader {
    type Against<'a> = (&'a DevicePublic, TimestampMs);
    type Problem = RequestProblem;

    fn check(&self, (keys, now): Self::Against<'_>) -> Result<(), RequestProblem> {
        self.stamp.check(keys, Purpose::Sync, &self.signed_content(), &self.signature, now)
    }
}

/// What is read of a request before its check: whose it says it is, and of which circles, where its key is looked for.
impl Signed<RequestHeader> {
    pub(super) fn write(&self) -> Vec<u8> {
        self.claimed().write()
    }

    /// Which device says that it asks.
    #[must_use]
    pub fn claimed_device(&self) -> DeviceId {
        self.claimed().stamp.device
    }

    /// The circles in which that device is looked for.
    pub fn claimed_circles(&self) -> impl ExactSizeIterator<Item = CircleId> {
        self.claimed().circles.iter().map(|ask| ask.circle)
    }

    /// Statements that it brings, where the keys of a device may be that no circle knows yet.
    pub fn claimed_statements(&self) -> impl Iterator<Item = &Stated> {
        self.claimed().circles.iter().flat_map(CircleAsk::brings)
    }

    /// How many documents it asks about: what it costs to answer.
    #[must_use]
    pub fn claimed_documents(&self) -> usize {
        self.claimed().circles.iter().map(|ask| ask.unsure.len()).sum()
    }
}

impl CircleAsk {
    /// The statements that it brings, those of records that a server lacks among them.
    pub(crate) fn brings(&self) -> impl Iterator<Item = &Stated> {
        let back = self.brought_back.iter().flat_map(|brought| &brought.records);
        let back = back.filter_map(|record| match &record.text {
            GivenText::Given(stated) => Some(stated),
            GivenText::Named(_) => None,
        });
        self.statements.iter().chain(back)
    }

    fn write(&self, header: &mut HeaderWriter) {
        header.body.raw(self.circle.as_bytes()).bytes(&self.cursor);
        self.chain.write(&mut header.body);
        header.body.count(self.statements.len());
        for statement in &self.statements {
            statement.write(&mut header.body);
        }
        header.body.flag(self.brought_back.is_some());
        if let Some(brought) = &self.brought_back {
            brought.write(&mut header.body);
        }
        header.body.count(self.texts.len());
        self.texts.iter().for_each(|text| text.write(&mut header.body));
        header.body.flag(self.sealing.is_some());
        if let Some(epoch) = &self.sealing {
            header.body.raw(epoch.as_bytes());
        }
        header.body.flag(self.wants_warrant);
        header.body.count(self.unsure.len());
        for document in &self.unsure {
            document.write(&mut header.body);
        }
        header.body.count(self.clocks.len());
        for clock in &self.clocks {
            clock.document.write(&mut header.body);
            header.chains(&clock.chains);
        }
        header.body.count(self.wanted.len());
        for body in &self.wanted {
            header.body.raw(body.as_bytes());
        }
    }

    fn read(header: &mut HeaderReader<'_, '_>) -> Result<Self, DecodeError> {
        let circle = CircleId(header.body.array("circle id")?);
        Ok(Self {
            circle,
            cursor: header.body.bytes(CURSOR_BYTES_MAX, "cursor")?.to_vec(),
            chain: ChainCursor::read(header.body)?,
            statements: (0..header.body.count(STATEMENTS_MAX, "statements")?)
                .map(|_| Stated::read(header.body))
                .collect::<Result<_, _>>()?,
            brought_back: match header.body.flag("brought records")? {
                true => Some(BroughtBack::read(circle, header.body)?),
                false => None,
            },
            texts: (0..header.body.count(LACKING_MAX, "brought texts")?)
                .map(|_| BroughtText::read(header.body))
                .collect::<Result<_, _>>()?,
            sealing: match header.body.flag("sealing epoch")? {
                true => Some(EpochId(header.body.array("sealing epoch")?)),
                false => None,
            },
            wants_warrant: header.body.flag("warrant wish")?,
            unsure: header.documents(|document, _| Ok(document))?,
            clocks: header.documents(|document, header| Ok(DocumentClock { document, chains: header.chains()? }))?,
            wanted: (0..header.body.count(WANTED_BODIES_MAX, "wanted bodies")?)
                .map(|_| header.body.array("body id").map(BodyId))
                .collect::<Result<_, _>>()?,
        })
    }
}
