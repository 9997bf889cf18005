using Sim7600.Protocol;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator;

/// <summary>
/// Where real devices differ, as data: one named knob a point. The defaults are what most logs of real SIM7600 units show;
/// <see cref="Knobs"/> names the evidence of each.
/// </summary>
public sealed record FirmwareProfile
{
    /// <summary>The name on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>What the profile stands for.</summary>
    public required string Description { get; init; }

    /// <summary>What the modem says of itself.</summary>
    public ModemIdentity Identity { get; init; } = new();

    /// <summary>Evidence of the knobs that this profile sets otherwise than the default, by the knob's name.</summary>
    public IReadOnlyDictionary<string, string> Evidence { get; init; } = new Dictionary<string, string>();

    /// <summary>Order of <c>+CMQTTSTART: 0</c> and <c>OK</c>.</summary>
    public ResultOrder StartOrder { get; init; } = ResultOrder.ResultFirst;

    /// <summary>What START answers when no packet data can be had.</summary>
    public CmqttResultCode StartFailure { get; init; } = CmqttResultCode.NetworkOpenFailed;

    /// <summary>Order of <c>+CMQTTSTOP: 0</c> and <c>OK</c>.</summary>
    public ResultOrder StopOrder { get; init; } = ResultOrder.ResultFirst;

    /// <summary>Order of <c>+CMQTTDISC: i,0</c> and <c>OK</c>.</summary>
    public ResultOrder DisconnectOrder { get; init; } = ResultOrder.OkFirst;

    /// <summary>CONNECT, PUB and SUB keep <c>OK</c> back until the outcome is known, and end a failure with <c>ERROR</c> behind the result line.</summary>
    public bool FailedOperationEndsInError { get; init; }

    /// <summary>REL of a client that was never acquired answers <c>OK</c> instead of error 20.</summary>
    public bool ReleaseOfFreeClientIsOk { get; init; } = true;

    /// <summary>ACCQ of an acquired client answers a bare <c>ERROR</c> instead of code 19.</summary>
    public bool SecondAcquireIsBareError { get; init; }

    /// <summary>What STOP answers while a client is acquired.</summary>
    public CmqttResultCode StopWithClientHeld { get; init; } = CmqttResultCode.ClientNotReleased;

    /// <summary>STOP prints <c>+CMQTTNONET</c> when it closes the network.</summary>
    public bool StopPrintsNoNet { get; init; }

    /// <summary>The firmware knows <c>AT+CMQTTSUBTOPIC</c>.</summary>
    public bool HasSubscribeTopic { get; init; } = true;

    /// <summary>A retained message is printed before the <c>+CMQTTSUB</c> of its subscription instead of after it.</summary>
    public bool RetainedBeforeSubscribeResult { get; init; }

    /// <summary>A SUB that the broker answers by closing the connection is followed by one more <c>OK</c> after the loss.</summary>
    public bool StrayOkAfterLostSubscribe { get; init; }

    /// <summary>An empty line between RXSTART and the first RXTOPIC.</summary>
    public bool BlankLineAfterReceiveStart { get; init; } = true;

    /// <summary>With echo on, data typed at <c>&gt;</c> is echoed too.</summary>
    public bool EchoesPromptData { get; init; } = true;

    /// <summary>A blank after the <c>&gt;</c> of commands that take counted data.</summary>
    public bool PromptHasTrailingBlank { get; init; }

    /// <summary><c>AT+CMQTTCONNECT?</c> shows an unconnected client as <c>0,""</c> instead of the bare index.</summary>
    public bool UnconnectedShowsEmptyAddress { get; init; }

    /// <summary>Longest client id in bytes.</summary>
    public int MaximumClientId { get; init; } = CmqttLimits.ClientId;

    /// <summary>Longest will message in bytes.</summary>
    public int MaximumWillMessage { get; init; } = CmqttLimits.WillMessage;

    /// <summary>ACCQ takes a fourth parameter, the MQTT version.</summary>
    public bool HasMqttVersionParameter { get; init; } = true;

    /// <summary>The MQTT version of a client that was acquired without one: 3 is MQTT 3.1, 4 is MQTT 3.1.1.</summary>
    public int DefaultMqttVersion { get; init; } = 4;

    /// <summary>CMQTTCFG knows <c>optimeout</c>.</summary>
    public bool HasOperationTimeout { get; init; } = true;

    /// <summary>Shortest keep-alive in seconds.</summary>
    public int KeepAliveMinimum { get; init; } = 1;

    /// <summary>Shortest time-out of PUB in seconds.</summary>
    public int PublishTimeoutMinimum { get; init; } = 1;

    /// <summary>Largest piece of a received payload in bytes.</summary>
    public int ReceivePiece { get; init; } = 1500;

    /// <summary>CSSLCFG knows <c>enableSNI</c>, <c>keypwd</c> and <c>ciphersuites</c>.</summary>
    public bool HasSni { get; init; } = true;

    /// <summary>A TLS connection that verifies the server also demands that its certificate names the host of the address; inferred.</summary>
    public bool VerifiesHostName { get; init; } = true;

    /// <summary>TLS 1.3 is offered when <c>sslversion</c> is 4; inferred.</summary>
    public bool HasTls13 { get; init; }

    /// <summary><c>AT&amp;D</c> from the factory: 0 on SIM7600EI, 2 on SIM7600G-H, 1 in the manual.</summary>
    public int TerminalReady { get; init; }

    /// <summary><c>AT+CMEE</c> from the factory.</summary>
    public int MobileErrors { get; init; } = 2;

    /// <summary><c>AT+HTTPTERM</c> without a session answers <c>OK</c> instead of <c>ERROR</c>.</summary>
    public bool HttpTermWithoutSessionIsOk { get; init; } = true;

    /// <summary>A blank stands behind the colon in the results of <c>AT+CHTTPSOPSE</c>, <c>AT+CHTTPSSEND</c> and <c>AT+CHTTPSCLSE</c>.</summary>
    public bool ChttpsResultHasBlank { get; init; }

    /// <summary>The word <c>DATA,</c> stands before the length in the answer of <c>AT+HTTPREAD</c>.</summary>
    public bool HttpReadNamesData { get; init; } = true;

    /// <summary>Short messages are shown as text after a boot, as when <c>AT+CMGF=1</c> was saved.</summary>
    public bool StartsInTextMode { get; init; }

    /// <summary>The first line of a boot.</summary>
    public string BootBanner { get; init; } = "RDY";

    /// <summary>All knobs with their values in this profile and the evidence for them.</summary>
    public IReadOnlyList<ProfileKnob> Knobs => [.. KnobTable.All.Select(knob => knob.Of(this))];
}
