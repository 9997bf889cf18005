using Microsoft.Extensions.Logging;
using Sim7600.Emulator.Lint;
using Sim7600.Emulator.Scenarios;

namespace Sim7600.Emulator.Modem;

/// <summary>How one virtual modem is set up.</summary>
internal sealed record VirtualModemOptions
{
    public FirmwareProfile Profile { get; init; } = FirmwareProfiles.Sim7600;

    public ModemIdentity? Identity { get; init; }

    /// <summary>The state to start in.</summary>
    public GivenState Given { get; init; } = new();

    /// <summary>The seed of all that is random.</summary>
    public int Seed { get; init; }

    public BootMode Boot { get; init; } = BootMode.None;

    /// <summary>The serial line's speed in baud, 0 for the host's; null for a line that takes no time.</summary>
    public int? BaudRate { get; init; }

    /// <summary>True when a real serial port is between modem and host: that one takes the time, and knows wrong speeds.</summary>
    public bool IsWired { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public ILogger? Log { get; init; }

    /// <summary>Takes the timeline; null keeps none, at no cost.</summary>
    public TimelineRecorder? Timeline { get; init; }

    /// <summary>Takes what the linter finds; null has no linter, at no cost.</summary>
    public LintCollector? Lint { get; init; }
}
