using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Network;

/// <summary>HTTP over the network of the machine that the emulator runs on.</summary>
internal sealed class SystemHttpExchange : IHttpExchange, IDisposable
{
    /// <summary>
    /// The modem neither follows redirections nor keeps cookies, and from the factory it checks no certificate
    /// (AT+CSSLCFG "authmode" 0).
    /// </summary>
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
#pragma warning disable CA5359 // what the modem does from the factory, see above
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <inheritdoc/>
    public async Task<HttpAnswer> SendAsync(HttpQuestion question, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Request(question);
        try
        {
            using HttpResponseMessage response = await _client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            return new HttpAnswer((int)response.StatusCode, Head(response), body);
        }
        catch (HttpRequestException error)
        {
            throw new HttpExchangeException(CodeOf(error), error.Message, error);
        }
        catch (IOException error)
        {
            throw new HttpExchangeException(HttpResultCode.ConnectionClosed, error.Message, error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static HttpRequestMessage Request(HttpQuestion question)
    {
        var request = new HttpRequestMessage(new HttpMethod(question.Method), question.Url) { Version = HttpVersion.Version11 };
        if (question.Body.Length > 0 || question.Method == "POST")
        {
            request.Content = new ByteArrayContent(question.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", question.ContentType);
        }

        request.Headers.TryAddWithoutValidation("Accept", question.Accept);
        if (question.UserAgent.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("User-Agent", question.UserAgent);
        }

        int colon = question.UserData.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0)
        {
            request.Headers.TryAddWithoutValidation(question.UserData[..colon].Trim(), question.UserData[(colon + 1)..].Trim());
        }

        return request;
    }

    private static byte[] Head(HttpResponseMessage response)
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/{response.Version.ToString(2)} {(int)response.StatusCode} {response.ReasonPhrase}\r\n");
        foreach ((string name, IEnumerable<string> values) in response.Headers.Concat(response.Content.Headers))
        {
            foreach (string value in values)
            {
                head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
            }
        }

        return Encoding.UTF8.GetBytes(head.Append("\r\n").ToString());
    }

    private static HttpResultCode CodeOf(HttpRequestException error) => error switch
    {
        { HttpRequestError: HttpRequestError.NameResolutionError } => HttpResultCode.DnsFailed,
        { HttpRequestError: HttpRequestError.SecureConnectionError } => HttpResultCode.HandshakeFailed,
        { InnerException: AuthenticationException } => HttpResultCode.HandshakeFailed,
        { HttpRequestError: HttpRequestError.ConnectionError } => HttpResultCode.ConnectFailed,
        { InnerException: SocketException } => HttpResultCode.ConnectFailed,
        _ => HttpResultCode.ConnectionClosed,
    };
}
