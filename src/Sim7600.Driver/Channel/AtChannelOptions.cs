using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sim7600.Driver.Channel;

/// <summary>Times and tools of an <see cref="AtChannel"/>. The defaults suit a SIM7600 on USB or at 115200 baud.</summary>
public sealed record AtChannelOptions
{
    /// <summary>The clock of all time-outs.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where log messages go; secrets are never among them.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>
    /// How long to wait for the result line when <c>ERROR</c> came first. A bare <c>ERROR</c> is possible too (<c>cmqtt.md</c> 3.5),
    /// so this is what such a command costs more.
    /// </summary>
    public TimeSpan ResultLineGrace { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long the line must be free of answers before the channel, after a command was given up, asks whether it is in step.</summary>
    public TimeSpan QuietTime { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long one question <c>AT+CMEE?</c> waits for its answer while the channel gets back in step.</summary>
    public TimeSpan SynchroniseAttempt { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long getting back in step may take before the waiting command fails.</summary>
    public TimeSpan SynchroniseTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long to wait for a late prompt of a command that was given up before the promised bytes are padded.</summary>
    public TimeSpan LatePromptTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long after a command was sent its result line is still attributed to it, although it was given up: the modem's longest answer
    /// time, 120 s, with some slack (<c>cmqtt.md</c> 12). What comes later is the next command's.
    /// </summary>
    public TimeSpan LateResultLifetime { get; init; } = TimeSpan.FromSeconds(130);

    /// <summary>
    /// Longest pause inside counted bytes. After it the count is taken as wrong (the modem rebooted inside the block, or a digit was
    /// garbled) and the bytes are read as lines.
    /// </summary>
    public TimeSpan CountedDataPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the link may take to accept bytes before the command fails.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
