using System.Net;
using Microsoft.Extensions.Logging;
using Sim7600.Emulator.Lint;

namespace Sim7600.Emulator;

/// <summary>What an emulator offers and where. The default is one modem on a PTY without a link, with a broker on a free port.</summary>
public sealed record EmulatorOptions
{
    /// <summary>The firmware that every modem stands for.</summary>
    public FirmwareProfile Profile { get; init; } = FirmwareProfiles.Sim7600;

    /// <summary>The state to start in; null is a module that has booted and registered.</summary>
    public Scenario? Scenario { get; init; }

    /// <summary>The seed of all that is random; null takes the scenario's, or 0. Modems differ by their numbers.</summary>
    public int? Seed { get; init; }

    /// <summary>How many modems, 1 to 100. Each has a PTY when <see cref="Pty"/> is on.</summary>
    public int Modems { get; init; } = 1;

    /// <summary>Give each modem a PTY.</summary>
    public bool Pty { get; init; } = true;

    /// <summary>A stable path to the first modem's PTY; further modems get <c>-2</c>, <c>-3</c>, … behind it. Null makes no link.</summary>
    public string? PtyLink { get; init; }

    /// <summary>Accept raw TCP connections here, one modem a connection; port 0 takes any free one.</summary>
    public IPEndPoint? Tcp { get; init; }

    /// <summary>Accept UNIX socket connections on this path, one modem a connection.</summary>
    public string? UnixSocket { get; init; }

    /// <summary>
    /// A serial device, such as <c>/dev/ttyUSB0</c> or <c>COM3</c>, on which one more modem is served: a USB-UART that is wired to a
    /// board. It runs at <see cref="BaudRate"/>, or at 115200 baud, and follows <c>AT+IPR</c> and <c>AT+IFC</c>. Null serves none.
    /// </summary>
    public string? Device { get; init; }

    /// <summary>
    /// The modems' speed on their serial lines in baud, one of <see cref="Sim7600Emulator.BaudRates"/>: bytes take their time in both
    /// directions, and a client of a PTY that has set another speed reads and writes garbage. 0 follows the client, as
    /// <c>AT+IPR=0</c> does. Null is a line that takes no time and knows no speed.
    /// </summary>
    public int? BaudRate { get; init; }

    /// <summary>Where MQTT connections go.</summary>
    public BrokerRoute Broker { get; init; } = BrokerRoute.Embedded;

    /// <summary>TCP port of the embedded broker on 127.0.0.1; 0 takes any free one.</summary>
    public int BrokerPort { get; init; }

    /// <summary>TCP port on 127.0.0.1 where the embedded broker takes TLS connections; 0 takes any free one, null opens none.</summary>
    public int? BrokerTlsPort { get; init; }

    /// <summary>
    /// Where the CA certificate of the embedded broker's TLS port is written as PEM; null writes it nowhere. The file is made
    /// at each start, replaces the one of an earlier start and is deleted at the end.
    /// </summary>
    public string? CaFile { get; init; }

    /// <summary>How the modems start.</summary>
    public BootMode Boot { get; init; } = BootMode.None;

    /// <summary>The clock of boots, time-outs and registration.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Takes what happens to the modems, as it happens; null takes nothing. It is called by the modems themselves, several at a
    /// time: it must not wait. One that throws is not called again.
    /// </summary>
    public Action<TimelineEntry>? Timeline { get; init; }

    /// <summary>How the linter listens to what the firmware does; null has no linter. It makes the modems slower: <see cref="LintOptions.AnswerTime"/>.</summary>
    public LintOptions? Lint { get; init; }

    /// <summary>Where the emulator logs; null logs nothing.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
