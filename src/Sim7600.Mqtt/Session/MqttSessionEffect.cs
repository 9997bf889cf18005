namespace Sim7600.Mqtt.Session;

/// <summary>What is to be done in a state. The machine only names it; the client does it and fires the outcome.</summary>
public enum MqttSessionEffect
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary><c>AT+CMQTTSTART</c>, after the TLS files and the SSL context.</summary>
    StartService,

    /// <summary><c>AT+CMQTTACCQ</c>.</summary>
    AcquireClient,

    /// <summary><c>AT+CMQTTACCQ?</c>, <c>AT+CMQTTDISC?</c>, <c>AT+CMQTTCONNECT?</c>.</summary>
    InspectClient,

    /// <summary><c>AT+CMQTTDISC</c> when it is connected, <c>AT+CMQTTREL</c>.</summary>
    ReleaseClient,

    /// <summary>The will, <c>AT+CMQTTSSLCFG</c>, <c>AT+CMQTTCONNECT</c>.</summary>
    Connect,

    /// <summary><c>AT+CMQTTDISC</c>.</summary>
    Disconnect,

    /// <summary><c>AT+CMQTTDISC</c>, <c>AT+CMQTTREL</c> and, when the service is ours, <c>AT+CMQTTSTOP</c>.</summary>
    LeaveClean,
}
