use std::io::{BufRead, BufReader, Read};
use std::time::Duration;

use kith_shared::client::HttpFailure;

/// What Kith's requests and responses say that they are.
pub const CONTENT_TYPE: &str = "application/x-kith";
/// Bytes of a response that are handed on at once.
const CHUNK_BYTES: usize = 16 * 1024;
/// The engine gives up on a silent server sooner; this ends the thread that it left behind.
const SILENCE_MAX: Duration = Duration::from_secs(120);

/// A small blocking HTTP client. It follows no redirect: a login page is none of ours.
#[derive(Clone, Debug)]
pub struct Agent(ureq::Agent);

impl Default for Agent {
    fn default() -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent("")
            .accept("")
            .accept_encoding("")
            .timeout_global(Some(SILENCE_MAX))
            .build();
        Self(config.into())
    }
}

impl Agent {
    /// Sends a request and hands the response on, piece by piece, until `sink` says false.
    ///
    /// # Errors
    /// [`HttpFailure::Unreachable`] when there is no response or it breaks off,
    /// [`HttpFailure::Server`] for an error status without a frame of ours, and
    /// [`HttpFailure::NotOurServer`] for anything else that is not of [`CONTENT_TYPE`].
    pub fn post(&self, url: &str, body: &[u8], sink: &mut dyn FnMut(Vec<u8>) -> bool) -> Result<(), HttpFailure> {
        let sent = self.0.post(url).header("content-type", CONTENT_TYPE).send(body);
        let mut response = sent.map_err(|error| failure(&error))?;
        let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind != CONTENT_TYPE {
            let of_server = response.status().is_server_error();
            return Err(if of_server { HttpFailure::Server } else { HttpFailure::NotOurServer });
        }
        let mut reader = response.body_mut().as_reader();
        let mut chunk = vec![0; CHUNK_BYTES];
        loop {
            match reader.read(&mut chunk) {
                Ok(0) => return Ok(()),
                Ok(len) => {
                    if !sink(chunk[..len].to_vec()) {
                        return Ok(());
                    }
                }
                Err(_) => return Err(HttpFailure::Unreachable),
            }
        }
    }

    /// Reads a page as text, whatever its status.
    ///
    /// # Errors
    /// When there is no response, or it breaks off, or is no text.
    pub fn get(&self, url: &str) -> Result<(u16, String), HttpFailure> {
        let mut response = self.0.get(url).call().map_err(|error| failure(&error))?;
        let text = response.body_mut().read_to_string().map_err(|error| failure(&error))?;
        Ok((response.status().as_u16(), text))
    }

    /// Listens at a server-sent event stream and calls `poke` for each event, until it says false.
    pub fn listen(&self, url: &str, poke: &mut dyn FnMut() -> bool) {
        let request = self.0.get(url).config().timeout_global(None).build();
        let Ok(mut response) = request.call() else { return };
        for line in BufReader::new(response.body_mut().as_reader()).lines() {
            let Ok(line) = line else { return };
            if line.starts_with("data:") && !poke() {
                return;
            }
        }
    }
}

fn failure(error: &ureq::Error) -> HttpFailure {
    match error {
        ureq::Error::Protocol(_) | ureq::Error::Http(_) => HttpFailure::NotOurServer,
        _ => HttpFailure::Unreachable,
    }
}
