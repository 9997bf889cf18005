using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Network;

/// <summary>The way from the modem's HTTP commands to a server.</summary>
internal interface IHttpExchange
{
    /// <summary>Sends one request and takes the whole answer.</summary>
    /// <exception cref="HttpExchangeException">No answer came; it says why as a <see cref="HttpResultCode"/>.</exception>
    Task<HttpAnswer> SendAsync(HttpQuestion question, CancellationToken cancellationToken);
}
