namespace Sim7600.Links;

/// <summary>Why a link ended.</summary>
/// <param name="Reason">One sentence without a final full stop, for example <c>the device was unplugged</c>.</param>
/// <param name="WasDisposed">True when this side closed the link itself.</param>
/// <param name="Cause">The operating system's error, if there was one.</param>
public sealed record SerialLinkLoss(string Reason, bool WasDisposed = false, Exception? Cause = null);
