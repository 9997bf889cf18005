using System.Globalization;
using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Families;
using Sim7600.Emulator.Modem;
using Sim7600.Emulator.Network;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator;

/// <summary>The families that reach out of the modem: what they share, and how they end with the network or the power.</summary>
public sealed partial class VirtualModem
{
    private readonly List<INetworkService> _services = [];
    private CancellationTokenSource _power = new();

    /// <summary>Lets somebody send a short message to this modem.</summary>
    /// <param name="from">The sender: digits with or without <c>+</c>, or up to 11 letters for a named sender.</param>
    /// <param name="text">The text; at most 160 characters of the GSM alphabet, or 70 of any other.</param>
    /// <returns>
    /// A task that completes when the modem or, while it has no service or no room, the network has the message.
    /// </returns>
    /// <exception cref="ArgumentException">The sender is empty or too long, or the text does not fit one message.</exception>
    public Task DeliverSmsAsync(string from, string text)
    {
        ShortMessage message = ShortMessage.Incoming(from, text, Options.TimeProvider.GetUtcNow());
        return InvokeAsync(() => Messages.Deliver(message));
    }

    /// <summary>How the modem's sockets, name look-ups and pings reach the network.</summary>
    internal INetworkDialer Dialer { get; set; } = new SystemNetworkDialer();

    /// <summary>How the modem's HTTP commands reach servers.</summary>
    internal IHttpExchange HttpExchange { get; set; } = new SystemHttpExchange();

    /// <summary>True when both neither block nor wait, so that the same input gives the same output.</summary>
    internal bool NetworkAnswersAtOnce { get; set; }

    internal SocketService Sockets { get; }

    internal MessageService Messages { get; }

    internal GnssReceiver Gnss { get; }

    internal CallState Calls { get; }

    internal HttpService Http { get; }

    /// <summary>Adds a family to those that end with the network; the first one added speaks first.</summary>
    internal void Register(INetworkService service) => _services.Add(service);

    /// <summary>
    /// Runs work beside the loop and brings its outcome back to it. When the modem was reset meanwhile, nobody is told and a
    /// result is given to <paramref name="discard"/>.
    /// </summary>
    /// <param name="work">The work; its token ends with the given one and with the power.</param>
    /// <param name="done">Takes the result, or the error; on the loop.</param>
    /// <param name="discard">Closes a result that nobody wants any more.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal void RunBeside<T>(
        Func<CancellationToken, Task<T>> work, Action<T?, Exception?> done, Action<T>? discard = null, CancellationToken cancellationToken = default)
    {
        int epoch = Epoch;
        var ended = CancellationTokenSource.CreateLinkedTokenSource(_power.Token, cancellationToken);
        _ = NetworkAnswersAtOnce ? WorkAsync() : Task.Run(WorkAsync, CancellationToken.None);

        async Task WorkAsync()
        {
            T? result = default;
            Exception? error = null;
            try
            {
                result = await work(ended.Token).ConfigureAwait(false);
            }
            catch (Exception caught)
            {
                error = caught;
            }

            ended.Dispose();
            bool posted = Post(() =>
            {
                if (epoch == Epoch)
                {
                    done(result, error);
                }
                else if (error is null)
                {
                    discard?.Invoke(result!);
                }
            });
            if (!posted && error is null)
            {
                discard?.Invoke(result!);
            }
        }
    }

    /// <summary>Prints an information line and, under it, bytes with a line end of their own.</summary>
    internal void WriteInformation(string line, byte[] data)
    {
        WriteInformation([line]);
        WriteData(data);
        Write("\r\n"u8);
    }

    internal void WriteCmsError(int number)
    {
        if (Line.MobileErrors == 0)
        {
            WriteFinalResult(FinalResultCode.Error);
        }
        else if (!Line.Quiet)
        {
            string text = Line.MobileErrors == 1 ? number.ToString(CultureInfo.InvariantCulture) : CmsError.TextOf(number);
            Write($"\r\n+CMS ERROR: {text}\r\n");
        }
    }

    internal void PromptText(string prompt, bool escapes, bool reportsLines, Action<byte[]?> text)
    {
        ShowPrompt(prompt, () =>
        {
            _dataTaker = text;
            _reader.ExpectText(escapes, reportsLines);
        });
    }

    internal void PromptDownload(int count, TimeSpan limit, Action<byte[]?> data)
    {
        ShowPrompt("\r\nDOWNLOAD\r\n", () =>
        {
            IDisposable timer = After(limit, () =>
            {
                _reader.Reset();
                EndData(null);
            });
            TakeCounted(count, bytes =>
            {
                timer.Dispose();
                data(bytes);
            });
        });
    }

    private void AbortServices()
    {
        _power.Cancel();
        _power.Dispose();
        _power = new CancellationTokenSource();
        foreach (INetworkService service in _services)
        {
            service.Abort();
        }

        Cmqtt.Abort();
    }
}
