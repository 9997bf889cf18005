using Sim7600.Emulator.Broker;
using Sim7600.Emulator.Modem;
using Sim7600.Emulator.Network;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Families;

/// <summary>The one HTTP session of the modem. On the modem's loop.</summary>
internal sealed class HttpService(VirtualModem modem) : INetworkService
{
    private static readonly Dictionary<string, string> Factory = new(StringComparer.OrdinalIgnoreCase)
    {
        ["URL"] = "",
        ["CONNECTTO"] = "120",
        ["RECVTO"] = "10",
        ["RESPTO"] = "20",
        ["CONTENT"] = "text/plain",
        ["ACCEPT"] = "*/*",
        ["UA"] = "",
        ["SSLCFG"] = "",
        ["USERDATA"] = "",
        ["BREAK"] = "",
        ["BREAKEND"] = "",
    };

    private CancellationTokenSource? _pending;
    private int _method;

    public bool IsOpen { get; private set; }

    /// <summary>What AT+HTTPPARA has set, by key.</summary>
    public Dictionary<string, string> Parameters { get; private set; } = [];

    /// <summary>What AT+HTTPDATA has brought.</summary>
    public byte[] Body { get; set; } = [];

    /// <summary>The last answer, or null before it came and after a failure.</summary>
    public HttpAnswer? Answer { get; private set; }

    public bool IsBusy => _pending is not null;

    public void Open()
    {
        IsOpen = true;
        Parameters = new Dictionary<string, string>(Factory, StringComparer.OrdinalIgnoreCase);
        Body = [];
        Answer = null;
    }

    public void Close()
    {
        IsOpen = false;
        Answer = null;
        Body = [];
        _pending?.Cancel();
        _pending = null;
    }

    /// <summary>Sends the request; <c>+HTTPACTION: m,status,length</c> comes when it is known.</summary>
    /// <param name="method">0 GET, 1 POST, 2 HEAD, 3 DELETE.</param>
    /// <param name="url">The checked address.</param>
    public void Act(int method, Uri url)
    {
        Answer = null;
        _method = method;
        if (!modem.IsAttached)
        {
            modem.WriteUrc($"+HTTPACTION: {method},{(int)HttpResultCode.NoNetwork},0");
            return;
        }

        TlsRequest? tls = null;
        if (url.Scheme == Uri.UriSchemeHttps)
        {
            // An untouched SSLCFG is context 0 (inferred).
            int context = Parameters["SSLCFG"] is { Length: > 0 } chosen ? int.Parse(chosen, System.Globalization.CultureInfo.InvariantCulture) : 0;
            tls = TlsSettings.Collect(modem, context, out string? missing);
            if (missing is not null)
            {
                HttpLog.NoAnswer(modem.Log, url.Host, HttpResultCode.CertificatesMissing, missing);
                modem.WriteUrc($"+HTTPACTION: {method},{(int)HttpResultCode.CertificatesMissing},0");
                return;
            }
        }

        var pending = new CancellationTokenSource();
        _pending = pending;
        CancellationToken token = pending.Token;
        var question = new HttpQuestion
        {
            Method = method switch { 0 => "GET", 1 => "POST", 2 => "HEAD", _ => "DELETE" },
            Url = url,
            ContentType = Parameters["CONTENT"],
            Accept = Parameters["ACCEPT"],
            UserAgent = Parameters["UA"],
            UserData = Parameters["USERDATA"],
            Body = method == 1 ? Body : [],
            Tls = tls,
            Time = modem.Options.TimeProvider,
        };
        int seconds = int.Parse(Parameters["CONNECTTO"], System.Globalization.CultureInfo.InvariantCulture);
        IDisposable limit = modem.After(TimeSpan.FromSeconds(seconds), () => Fail(pending, HttpResultCode.Timeout));
        IHttpExchange exchange = modem.HttpExchange;
        modem.RunBeside(
            work => exchange.SendAsync(question, work),
            (answer, error) =>
            {
                limit.Dispose();
                if (!ReferenceEquals(_pending, pending))
                {
                    return;
                }

                if (error is not null)
                {
                    if (error is HttpExchangeException failure)
                    {
                        HttpLog.NoAnswer(modem.Log, url.Host, failure.Code, failure.Message);
                    }

                    Fail(pending, (error as HttpExchangeException)?.Code ?? HttpResultCode.TransferFailed);
                    return;
                }

                _pending = null;
                Answer = answer;
                modem.WriteUrc($"+HTTPACTION: {method},{answer!.Status},{answer.Body.Length}");
            },
            cancellationToken: token);
    }

    /// <inheritdoc/>
    public void NetworkLost()
    {
        if (_pending is { } pending)
        {
            Fail(pending, HttpResultCode.NetworkError);
            modem.WriteUrc("+HTTP_NONET_EVENT");
        }
    }

    /// <inheritdoc/>
    public void Abort() => Close();

    private void Fail(CancellationTokenSource pending, HttpResultCode code)
    {
        if (ReferenceEquals(_pending, pending))
        {
            _pending = null;
            pending.Cancel();
            modem.WriteUrc($"+HTTPACTION: {_method},{(int)code},0");
        }
    }
}
