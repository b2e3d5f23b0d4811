//! Compiles the service contract without a protoc binary.

use std::{env, error::Error, path::PathBuf};

const CONTRACT: &str = "heavy_computation/v1/heavy_computation.proto";

fn main() -> Result<(), Box<dyn Error>> {
    // An image build may keep the contracts elsewhere than beside this crate.
    println!("cargo::rerun-if-env-changed=PROTO_FOLDER");
    let folder = match env::var_os("PROTO_FOLDER") {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../proto"),
    };
    println!("cargo::rerun-if-changed={}", folder.join(CONTRACT).display());

    let descriptors = protox::compile([CONTRACT], [folder])?;
    // An operation that the contract has and this service does not (yet) is UNIMPLEMENTED.
    tonic_prost_build::configure()
        .emit_rerun_if_changed(false)
        .generate_default_stubs(true)
        .compile_fds(descriptors)?;
    Ok(())
}
