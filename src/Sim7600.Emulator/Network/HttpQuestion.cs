using Sim7600.Emulator.Broker;

namespace Sim7600.Emulator.Network;

/// <summary>One HTTP request of AT+HTTPACTION.</summary>
internal sealed record HttpQuestion
{
    public required string Method { get; init; }

    public required Uri Url { get; init; }

    public string ContentType { get; init; } = "text/plain";

    public string Accept { get; init; } = "*/*";

    public string UserAgent { get; init; } = "";

    /// <summary>A header line of the host's own, or an empty text.</summary>
    public string UserData { get; init; } = "";

    public byte[] Body { get; init; } = [];

    /// <summary>How an <c>https</c> address is protected; null for <c>http</c>.</summary>
    public TlsRequest? Tls { get; init; }

    /// <summary>The clock that the handshake's time runs on.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
