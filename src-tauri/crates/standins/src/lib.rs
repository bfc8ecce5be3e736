//! Servers that speak documented protocols on loopback, embedded in the process, for the demo and the tests.
//!
//! Each one behaves as the vendor's or the protocol's documents say, for any client, and can be told to misbehave
//! through [`faults`]. None is meant to be reached from another machine.

pub mod canto;
mod clock;
pub mod demo;
pub mod faults;
pub mod file360;
pub mod s3;
pub mod sftp;
pub mod systems;
mod web;
pub mod workflow;
pub mod xconnector;
pub mod xecm;
