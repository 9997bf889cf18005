using System.Globalization;
using System.Text;
using Sim7600.Emulator.Commands;
using static Sim7600.Emulator.Commands.AtParameterDefinition;

namespace Sim7600.Emulator.Families;

/// <summary>HTTP and HTTPS (AT command manual V3.00 and HTTP(S) application note V3.00; real sessions for the lines).</summary>
internal sealed class HttpCommands
{
    private const string Family = "Http";
    private const string NoteAndLogs = "HTTP(S) application note V3.00; logs of SIM7600";

    /// <summary>The longest piece that one header line of HTTPREAD announces (inferred).</summary>
    private const int LargestPiece = 1024;

    /// <summary>Keys of AT+HTTPPARA whose value is no secret.</summary>
    private static readonly string[] OpenParameters = ["URL", "CONNECTTO", "RECVTO", "RESPTO", "CONTENT", "ACCEPT", "UA", "SSLCFG"];

    private readonly VirtualModem _modem;
    private readonly HttpService _service;

    private HttpCommands(VirtualModem modem)
    {
        _modem = modem;
        _service = new HttpService(modem);
    }

    public static HttpService Declare(CommandTable table, VirtualModem modem)
    {
        var commands = new HttpCommands(modem);
        modem.Register(commands._service);
        commands.Declare(table);
        return commands._service;
    }

    private void Declare(CommandTable table)
    {
        table.Add(Family, "+HTTPINIT").From(NoteAndLogs, Evidence.Confirmed)
            .Execute(run =>
            {
                if (_service.IsOpen || !_modem.IsAttached)
                {
                    run.Error();
                    return;
                }

                _service.Open();
                run.Ok();
            })
            .Test();
        table.Add(Family, "+HTTPTERM").From(NoteAndLogs, Evidence.Confirmed)
            .Execute(run =>
            {
                if (!_service.IsOpen && !_modem.Profile.HttpTermWithoutSessionIsOk)
                {
                    run.Error();
                    return;
                }

                _service.Close();
                run.Ok();
            })
            .Test();
        table.Add(Family, "+HTTPPARA").From(NoteAndLogs, Evidence.Confirmed)
            .Write(Opened(Set), Text("key", 2, 9), Text("value", 0, 512).Optional)
            .Hides(1, unless: key => OpenParameters.Contains(key, StringComparer.OrdinalIgnoreCase)) // a header may hold an authorization
            .Test(
                "+HTTPPARA: \"URL\",\"url\"",
                "+HTTPPARA: \"CONNECTTO\",(20-120)",
                "+HTTPPARA: \"RECVTO\",(2-120)",
                "+HTTPPARA: \"RESPTO\",(20-120)",
                "+HTTPPARA: \"CONTENT\",\"type\"",
                "+HTTPPARA: \"ACCEPT\",\"type\"",
                "+HTTPPARA: \"UA\",\"agent\"",
                "+HTTPPARA: \"SSLCFG\",(0-9)",
                "+HTTPPARA: \"USERDATA\",\"header\"");
        table.Add(Family, "+HTTPDATA").From(NoteAndLogs, Evidence.Confirmed)
            .Write(
                Opened(run => run.Download(run.Number(0), TimeSpan.FromSeconds(run.Number(1)), bytes =>
                {
                    if (bytes is null)
                    {
                        run.Error();
                        return;
                    }

                    _service.Body = bytes;
                    run.Ok();
                })),
                Number("size", 1, 153600),
                Number("time", 10, 65535));
        table.Add(Family, "+HTTPACTION").From(NoteAndLogs, Evidence.Confirmed)
            .Write(
                Opened(run =>
                {
                    if (_service.IsBusy || !Uri.TryCreate(_service.Parameters["URL"], UriKind.Absolute, out Uri? url))
                    {
                        run.Error();
                        return;
                    }

                    run.Ok();
                    _service.Act(run.Number(0), url);
                }),
                Number("method", 0, 3));
        table.Add(Family, "+HTTPHEAD").From(NoteAndLogs, Evidence.Confirmed)
            .Execute(Opened(run =>
            {
                if (_service.Answer is not { } answer)
                {
                    run.Error();
                    return;
                }

                run.Info($"+HTTPHEAD: DATA,{answer.Head.Length}", answer.Head);
                run.Ok();
            }))
            .Test();
        table.Add(Family, "+HTTPREAD").From(NoteAndLogs, Evidence.Confirmed)
            .Read(Opened(run => GeneralCommands.Show(run, $"+HTTPREAD: LEN,{_service.Answer?.Body.Length ?? 0}")))
            .Write(Opened(run => Read(run, 0, run.Number(0))), Number("byte_size", 1, 1024 * 1024))
            .Write(Opened(run => Read(run, run.Number(0), run.Number(1))), Number("start_offset", 0, 1024 * 1024), Number("byte_size", 1, 1024 * 1024))
            .Test();
    }

    private Action<CommandRun> Opened(Action<CommandRun> handler) => run =>
    {
        if (_service.IsOpen)
        {
            handler(run);
        }
        else
        {
            run.Error();
        }
    };

    private void Set(CommandRun run)
    {
        string key = run.Text(0).ToUpperInvariant();
        string value = run.Text(1);
        bool fits = key switch
        {
            "URL" => Uri.TryCreate(value, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https",
            "CONNECTTO" or "RESPTO" => IsNumber(value, 20, 120),
            "RECVTO" => IsNumber(value, 2, 120),
            "SSLCFG" => IsNumber(value, 0, 9),
            "CONTENT" or "ACCEPT" or "UA" => value.Length is > 0 and <= 256,
            _ => _service.Parameters.ContainsKey(key),
        };
        if (!fits)
        {
            run.Error();
            return;
        }

        _service.Parameters[key] = value;
        run.Ok();
    }

    private static bool IsNumber(string text, int minimum, int maximum) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= minimum && number <= maximum;

    private void Read(CommandRun run, int start, int size)
    {
        byte[] body = _service.Answer?.Body ?? [];
        if (start >= body.Length)
        {
            run.Error();
            return;
        }

        byte[] part = body[start..Math.Min(body.Length, start + size)];
        run.Ok();
        foreach (byte[] piece in part.Chunk(LargestPiece))
        {
            _modem.WriteUrc([.. Encoding.ASCII.GetBytes($"\r\n+HTTPREAD: {(_modem.Profile.HttpReadNamesData ? "DATA," : "")}{piece.Length}\r\n"), .. piece]);
        }

        _modem.WriteUrc("+HTTPREAD: 0");
    }
}
