//! Work off the frame thread: the last result is shown until that of what is asked for now is there.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::mpsc::{Receiver, TryRecvError, channel};

/// Whether a frame goes on while something is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pace {
    /// A window does, and shows what it has.
    #[default]
    GoesOn,
    /// A picture that is kept waits.
    Waits,
}

/// Results by what they are of, one after another. What is asked for while another piece is in work is begun after it, and what was asked for in
/// between never is.
#[derive(Debug)]
pub struct Background<K, T> {
    last: Option<(K, T)>,
    in_work: Option<(K, Mutex<Receiver<T>>)>,
    /// What there is no result of: the system gave no thread, or the work met an error of the program's own.
    lost: Option<K>,
    pace: Pace,
}

impl<K, T> Default for Background<K, T> {
    fn default() -> Self {
        Background { last: None, in_work: None, lost: None, pace: Pace::default() }
    }
}

impl<K: Clone + PartialEq, T: Send + 'static> Background<K, T> {
    /// Nothing is asked for yet.
    pub fn new(pace: Pace) -> Self {
        Background { pace, ..Background::default() }
    }

    /// Asks for the result of a key, unless it is there or in work, and takes in what is done by now. Whether that was something new.
    pub fn ask<W>(&mut self, key: &K, work: impl FnOnce() -> W) -> bool
    where
        W: FnOnce() -> T + Send + 'static,
    {
        let is_new = self.take_in();
        let is_known = self.is_fresh(key) || self.lost.as_ref() == Some(key);
        if is_known || self.in_work.is_some() {
            return is_new;
        }
        let work = work();
        if self.pace == Pace::Waits {
            self.last = Some((key.clone(), work()));
            return true;
        }
        let (send, receive) = channel();
        // Who does not wait for it any more has no use for it.
        let thread =
            std::thread::Builder::new().name("picture".into()).spawn(move || drop(send.send(work())));
        match thread {
            Ok(_) => self.in_work = Some((key.clone(), Mutex::new(receive))),
            Err(_) => self.lost = Some(key.clone()),
        }
        is_new
    }

    /// Asks for nothing, and takes in what is done by now. Whether that was something new.
    pub fn take_in(&mut self) -> bool {
        let Some((_, receive)) = &mut self.in_work else { return false };
        let result = receive.get_mut().unwrap_or_else(PoisonError::into_inner).try_recv();
        if matches!(result, Err(TryRecvError::Empty)) {
            return false;
        }
        let Some((key, _)) = self.in_work.take() else { return false };
        match result {
            Ok(result) => self.last = Some((key, result)),
            Err(_) => self.lost = Some(key),
        }
        true
    }

    /// The last result, with what it is of.
    pub fn last(&self) -> Option<&(K, T)> {
        self.last.as_ref()
    }

    /// Whether the last result is of this key.
    pub fn is_fresh(&self, key: &K) -> bool {
        self.last.as_ref().is_some_and(|(of, _)| of == key)
    }

    /// Whether something is being computed.
    pub fn is_in_work(&self) -> bool {
        self.in_work.is_some()
    }

    /// Whether there will be no result of this key.
    pub fn is_lost(&self, key: &K) -> bool {
        self.lost.as_ref() == Some(key)
    }

    /// What is said beside a picture that is not of this key: nothing where it is, dots where it will be.
    pub fn pending(&self, key: &K) -> &'static str {
        match () {
            () if self.is_fresh(key) => "",
            () if self.is_lost(key) => ": not drawn because of a program error",
            () => " \u{2026}",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::sync_channel;
    use std::time::{Duration, Instant};

    /// Asks until something comes of it.
    fn until_new(
        background: &mut Background<u32, u32>,
        key: u32,
        work: impl Fn() -> u32 + Clone + Send + 'static,
    ) {
        let end = Instant::now() + Duration::from_secs(60);
        while !background.ask(&key, || work.clone()) {
            assert!(Instant::now() < end, "nothing came of {key}");
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn the_last_result_stays_until_the_next_is_there_and_what_is_passed_over_is_not_computed() {
        let mut background = Background::new(Pace::GoesOn);
        until_new(&mut background, 1, || 10);
        let (go, wait) = sync_channel::<()>(1);
        assert!(!background.ask(&2, || move || {
            wait.recv().unwrap();
            20
        }));
        // While the second is in work a third and a fourth are asked for.
        for key in [3, 4] {
            assert!(!background.ask(&key, || || panic!("begun while another is in work")));
            assert_eq!(background.last(), Some(&(1, 10)));
        }
        go.send(()).unwrap();
        until_new(&mut background, 4, || 40);
        assert_eq!(background.last(), Some(&(2, 20)));
        assert!(!background.is_fresh(&4));
        until_new(&mut background, 4, || 40);
        assert!(background.is_fresh(&4) && !background.ask(&4, || || panic!("it is there")));
    }

    #[test]
    fn work_that_fails_is_not_begun_again_and_the_last_result_stays() {
        let mut background = Background::new(Pace::GoesOn);
        until_new(&mut background, 1, || 10);
        until_new(&mut background, 2, || panic!("on purpose"));
        assert!(background.is_lost(&2) && !background.ask(&2, || || panic!("again")));
        assert_eq!(background.last(), Some(&(1, 10)));
        until_new(&mut background, 3, || 30);
        assert!(background.is_fresh(&3));
    }

    #[test]
    fn a_picture_that_is_kept_waits() {
        let mut background = Background::new(Pace::Waits);
        assert!(background.ask(&1, || || 10));
        assert_eq!(background.last(), Some(&(1, 10)));
        assert!(!background.ask(&1, || || panic!("it is there")));
    }
}
