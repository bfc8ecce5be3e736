//! The engine in process, on a real store and remotes that fail as they are told to.

mod arrival;
mod conflicts;
mod control;
mod crashes;
mod desk;
mod limits;
mod proof;
mod remote;
mod sources;
mod trouble;
