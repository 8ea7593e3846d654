//! Whether there is anything to draw with.

use anyhow::{Result, bail};
use bevy::tasks::block_on;
use std::env::var_os;
use std::panic::{AssertUnwindSafe, catch_unwind};

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

/// Whether a graphics card draws, or another processor of its kind.
///
/// # Errors
/// Where none does.
pub fn check_card() -> Result<()> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle_from_env());
    let found = block_on(instance.request_adapter(&wgpu::RequestAdapterOptions::default()));
    if found.is_ok_and(|adapter| adapter.get_info().device_type != wgpu::DeviceType::Cpu) {
        return Ok(());
    }
    bail!("no graphics card was found to draw with")
}

/// Makes what opens the display. winit gives no way to ask whether one that is named answers, but ends the program.
///
/// # Errors
/// Where it does not.
pub(super) fn open_display(make: impl FnOnce()) -> Result<()> {
    let hook = std::panic::take_hook();
    // Said in words below.
    std::panic::set_hook(Box::new(|_| {}));
    let made = catch_unwind(AssertUnwindSafe(make));
    std::panic::set_hook(hook);
    let Err(reason) = made else { return Ok(()) };
    // What a panic was told with.
    let words =
        reason.downcast_ref::<String>().map(String::as_str).or(reason.downcast_ref::<&str>().copied());
    let words = words.unwrap_or_default();
    if !words.contains("event loop") {
        bail!("the window cannot be opened because of a program error; please report it: {words}");
    }
    bail!(
        "the display that the environment names (WAYLAND_DISPLAY or DISPLAY) cannot be opened: start the viewer from a desktop, or make pictures with \
         --headless --script FILE -o DIR"
    )
}

/// # Errors
/// Where the environment names no display to open a window on.
pub(super) fn check_display() -> Result<()> {
    let names = ["WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DISPLAY"];
    let is_unix_desktop = cfg!(all(unix, not(target_os = "macos")));
    if is_unix_desktop && names.into_iter().all(|name| var_os(name).is_none_or(|value| value.is_empty())) {
        bail!(
            "there is no display to open a window on (neither WAYLAND_DISPLAY nor DISPLAY is set): start the viewer from a desktop, or make \
             pictures with --headless --script FILE -o DIR"
        );
    }
    Ok(())
}
