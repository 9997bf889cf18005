namespace Sim7600.Emulator.Faults;

/// <summary>
/// The cable is pulled: the host's port hangs up, and bytes go nowhere in both directions. It lasts; then the port is there
/// again.
/// </summary>
public sealed record LineUnplug : Fault;
