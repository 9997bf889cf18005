using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sim7600.Emulator.Broker;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Network;

/// <summary>HTTP over the network of the machine that the emulator runs on.</summary>
internal sealed class SystemHttpExchange : IHttpExchange, IDisposable
{
    private static readonly HttpRequestOptionsKey<HttpQuestion> Asked = new("Sim7600.Question");

    /// <summary>The modem neither follows redirections nor keeps cookies; each request has a connection of its own.</summary>
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        ConnectCallback = ConnectAsync,
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
        catch (HttpRequestException error) when (error.InnerException is UnusableFileException unusable)
        {
            throw new HttpExchangeException(HttpResultCode.NewSslSessionFailed, unusable.Message, error);
        }
        catch (HttpRequestException error) when (error.InnerException is TlsHandshakeException handshake)
        {
            throw new HttpExchangeException(HttpResultCode.HandshakeFailed, handshake.Message, error);
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
        // TLS belongs to the connection that ConnectAsync makes, so HttpClient is told that it is plain HTTP; only then is the failing
        // phase known, and with it the modem's number.
        Uri url = question.Tls is null ? question.Url : new UriBuilder(question.Url) { Scheme = Uri.UriSchemeHttp, Port = question.Url.Port }.Uri;
        var request = new HttpRequestMessage(new HttpMethod(question.Method), url) { Version = HttpVersion.Version11 };
        request.Headers.Host = question.Url.Authority;
        request.Options.Set(Asked, question);
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

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        var plain = new NetworkStream(socket, ownsSocket: true);
        return context.InitialRequestMessage.Options.TryGetValue(Asked, out HttpQuestion? question) && question.Tls is { } tls
            ? await SecuredStream.SecureAsync(plain, tls, question.Url.IdnHost, question.Time, cancellationToken).ConfigureAwait(false)
            : plain;
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
        { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } } => HttpResultCode.DnsFailed,
        { HttpRequestError: HttpRequestError.ConnectionError } => HttpResultCode.ConnectFailed,
        { InnerException: SocketException } => HttpResultCode.ConnectFailed,
        _ => HttpResultCode.ConnectionClosed,
    };
}
