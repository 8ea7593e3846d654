//! Whether there is anything to draw with.

use anyhow::{Result, bail};
use bevy::tasks::block_on;

/// # Errors
/// Where no adapter is found, with what to do about it.
pub(super) fn check() -> Result<()> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle_from_env());
    if block_on(instance.request_adapter(&wgpu::RequestAdapterOptions::default())).is_err() {
        bail!(
            "no graphics adapter was found: install the driver of your graphics card or, to draw without one, a \
             software Vulkan (Debian and Ubuntu: mesa-vulkan-drivers; then set WGPU_BACKEND=vulkan and \
             VK_DRIVER_FILES to its lvp_icd file)"
        );
    }
    Ok(())
}
