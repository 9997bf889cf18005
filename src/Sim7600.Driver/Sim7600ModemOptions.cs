using Sim7600.Driver.Channel;
using Sim7600.Links;

namespace Sim7600.Driver;

/// <summary>How to open and use a modem. Immutable; change a copy with <c>with</c>.</summary>
public sealed record Sim7600ModemOptions
{
    /// <summary>The serial line's settings, for a port that is opened by name.</summary>
    public SerialSettings Serial { get; init; } = SerialSettings.Default;

    /// <summary>Times and tools of the AT channel: clock and logging are set here.</summary>
    public AtChannelOptions Channel { get; init; } = new();

    /// <summary>How long to look for the modem. One that is booting is silent for about 12 s (<c>core.md</c> 4.2).</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long <see cref="Features.NetworkFeature.WaitForRegistrationAsync"/> waits; 60 s and more are normal after boot (<c>field-notes.md</c> 26).</summary>
    public TimeSpan RegistrationTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How often registration is asked for while waiting.</summary>
    public TimeSpan RegistrationPollInterval { get; init; } = TimeSpan.FromSeconds(2);
}
