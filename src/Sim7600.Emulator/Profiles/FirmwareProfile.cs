namespace Sim7600.Emulator;

/// <summary>
/// Where real devices differ, as data: one named knob a point. The defaults are what most logs of real SIM7600 units show.
/// </summary>
public sealed record FirmwareProfile
{
    /// <summary>The name on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>What the profile stands for.</summary>
    public required string Description { get; init; }

    /// <summary>What the modem says of itself.</summary>
    public ModemIdentity Identity { get; init; } = new();

    /// <summary><c>+CMQTTSTART: 0</c> before <c>OK</c>: every raw SIM7600 log; the manual's examples show it after.</summary>
    public bool StartResultFirst { get; init; } = true;

    /// <summary><c>+CMQTTSTOP: 0</c> before <c>OK</c>: the raw SIM7600G-H log; the manual's examples show it after.</summary>
    public bool StopResultFirst { get; init; } = true;

    /// <summary><c>+CMQTTDISC: i,0</c> before <c>OK</c>: the manual allows both and shows it after; no raw log is known.</summary>
    public bool DisconnectResultFirst { get; init; }

    /// <summary>REL of a client that was never acquired answers <c>OK</c> (SIM7600G logs) instead of error 20 (siblings).</summary>
    public bool ReleaseOfFreeClientIsOk { get; init; } = true;

    /// <summary>An empty line between RXSTART and the first RXTOPIC: two captures of the SIM7600 family; siblings have none.</summary>
    public bool BlankLineAfterReceiveStart { get; init; } = true;

    /// <summary>With echo on, data typed at <c>&gt;</c> is echoed too: two SIM7600 logs; a sibling's log shows none.</summary>
    public bool EchoesPromptData { get; init; } = true;

    /// <summary>A blank after <c>&gt;</c>; absent in every CMQTT log of a real unit.</summary>
    public bool PromptHasTrailingBlank { get; init; }

    /// <summary>STOP prints <c>+CMQTTNONET</c> when it closes the network: one SIM7600E driver waits for it.</summary>
    public bool StopPrintsNoNet { get; init; }

    /// <summary>Longest client id in bytes: 128 (manual of 2021), 23 (manual of 2018).</summary>
    public int MaximumClientId { get; init; } = 128;

    /// <summary>ACCQ takes a fourth parameter, the MQTT version.</summary>
    public bool HasMqttVersionParameter { get; init; } = true;

    /// <summary>CMQTTCFG knows <c>optimeout</c>.</summary>
    public bool HasOperationTimeout { get; init; } = true;

    /// <summary>Shortest keep-alive in seconds: 1 (manual of 2021), 60 (manual of 2018).</summary>
    public int KeepAliveMinimum { get; init; } = 1;

    /// <summary>Shortest time-out of PUB in seconds: the manual says 60, a fielded SIM7600 driver sends 1 and is accepted.</summary>
    public int PublishTimeoutMinimum { get; init; } = 1;

    /// <summary>Largest piece of a received payload in bytes.</summary>
    public int ReceivePiece { get; init; } = 1500;

    /// <summary><c>AT+CMEE</c> from the factory: 2 on real units, 1 in the manual.</summary>
    public int MobileErrors { get; init; } = 2;
}
