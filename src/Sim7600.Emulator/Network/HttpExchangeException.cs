using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Network;

/// <summary>No HTTP answer came.</summary>
internal sealed class HttpExchangeException(HttpResultCode code, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Why, as <c>+HTTPACTION</c> shows it.</summary>
    public HttpResultCode Code { get; } = code;
}
