using System.Globalization;
using System.Text;
using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Modem;
using Sim7600.Protocol.Results;
using static Sim7600.Emulator.Commands.AtParameterDefinition;

namespace Sim7600.Emulator.Families;

/// <summary>Short messages (AT command manual V3.00, chapter 9; 3GPP TS 27.005; real sessions for stores, prompt and errors).</summary>
internal sealed class SmsCommands
{
    private const string Family = "Sms";
    private const string Chapter = "AT command manual V3.00, chapter 9; 3GPP TS 27.005";
    private const string ChapterAndLogs = "AT command manual V3.00, chapter 9; logs of SIM7600EI and SIM7600G-H";
    private readonly VirtualModem _modem;
    private readonly MessageService _service;

    private SmsCommands(VirtualModem modem)
    {
        _modem = modem;
        _service = new MessageService(modem);
    }

    public static MessageService Declare(CommandTable table, VirtualModem modem)
    {
        var commands = new SmsCommands(modem);
        commands.DeclareSettings(table);
        commands.DeclareStored(table);
        commands.DeclareSending(table);
        return commands._service;
    }

    private MessageSettings Settings => _modem.Settings.Messages;

    private string ReadMemory => Settings.Memories[0];

    private void DeclareSettings(CommandTable table)
    {
        table.Add(Family, "+CMGF").From(ChapterAndLogs, Evidence.Confirmed)
            .Execute(run => GeneralCommands.Set(run, () => Settings.IsTextMode = false))
            .Read(run => GeneralCommands.Show(run, $"+CMGF: {(Settings.IsTextMode ? 1 : 0)}"))
            .Write(run => GeneralCommands.Set(run, () => Settings.IsTextMode = run.Number(0) == 1), Number("mode", 0, 1));
        table.Add(Family, "+CSMS").From(ChapterAndLogs, Evidence.Confirmed)
            .Read(run => GeneralCommands.Show(run, $"+CSMS: {Settings.Service},1,1,1"))
            .Write(
                run =>
                {
                    Settings.Service = run.Number(0);
                    GeneralCommands.Show(run, "+CSMS: 1,1,1");
                },
                Number("service", 0, 1));
        table.Add(Family, "+CPMS").From(ChapterAndLogs, Evidence.Confirmed)
            .Read(Guarded(run => GeneralCommands.Show(run, $"+CPMS: {string.Join(',', Settings.Memories.Select(memory => $"\"{memory}\",{Usage(memory)}"))}")))
            .Write(Guarded(ChooseMemories), Text("mem1", 2, 2), Text("mem2", 2, 2).Optional, Text("mem3", 2, 2).Optional)
            .Test("+CPMS: (\"ME\",\"MT\",\"SM\",\"SR\"),(\"ME\",\"MT\",\"SM\"),(\"ME\",\"SM\")");
        table.Add(Family, "+CNMI").From(ChapterAndLogs, Evidence.Confirmed)
            .Execute(run => GeneralCommands.Set(run, () => Settings.Indications = [2, 1, 0, 0, 0]))
            .Read(run => GeneralCommands.Show(run, $"+CNMI: {string.Join(',', Settings.Indications)}"))
            .Write(
                Indicate,
                Number("mode", 0, 2).Optional with { TestText = "(0,1,2)" },
                Number("mt", 0, 3).Optional with { TestText = "(0,1,2,3)" },
                Choice("bm", 0, 2).Optional,
                Number("ds", 0, 2).Optional with { TestText = "(0,1,2)" },
                Choice("bfr", 0, 1).Optional);
        table.Add(Family, "+CSMP").From(ChapterAndLogs, Evidence.Confirmed)
            .Read(run => GeneralCommands.Show(run, $"+CSMP: {string.Join(',', Settings.Parameters)}"))
            .Write(
                run => GeneralCommands.Set(run, () => Settings.Parameters = Merge(run, Settings.Parameters)),
                Number("fo", 0, 255).Optional,
                Number("vp", 0, 255).Optional,
                Number("pid", 0, 255).Optional,
                Number("dcs", 0, 255).Optional)
            .Test();
        table.Add(Family, "+CSDH").From(ChapterAndLogs, Evidence.Confirmed)
            .Execute(run => GeneralCommands.Set(run, () => Settings.ShowsDetails = false))
            .Read(run => GeneralCommands.Show(run, $"+CSDH: {(Settings.ShowsDetails ? 1 : 0)}"))
            .Write(run => GeneralCommands.Set(run, () => Settings.ShowsDetails = run.Number(0) == 1), Number("show", 0, 1));
        table.Add(Family, "+CGSMS").From(ChapterAndLogs, Evidence.Confirmed)
            .Read(run => GeneralCommands.Show(run, $"+CGSMS: {Settings.Domain}"))
            .Write(run => GeneralCommands.Set(run, () => Settings.Domain = run.Number(0)), Number("service", 0, 3));
        table.Add(Family, "+CSCA").From(Chapter, Evidence.Documented)
            .Read(Guarded(run => GeneralCommands.Show(run, $"+CSCA: \"{_service.ServiceCentre}\",{TypeOf(_service.ServiceCentre)}")))
            .Write(
                Guarded(run =>
                {
                    if (ShortMessage.IsNumber(run.Text(0)))
                    {
                        _service.ServiceCentre = run.Text(0);
                        run.Ok();
                    }
                    else
                    {
                        run.Error();
                    }
                }),
                Text("sca", 1, 21),
                Number("tosca", 0, 255).Optional)
            .Test();
    }

    private void DeclareStored(CommandTable table)
    {
        table.Add(Family, "+CMGR").From(ChapterAndLogs, Evidence.Confirmed)
            .Write(Guarded(run => Show(run, deletes: false)), Number("index", 0, 255)).Test();
        table.Add(Family, "+CMGRD").From("AT command manual V3.00, chapter 9; a log of a sibling", Evidence.Documented)
            .Write(Guarded(run => Show(run, deletes: true)), Number("index", 0, 255)).Test();
        table.Add(Family, "+CMGL").From(Chapter, Evidence.Documented)
            .Execute(Guarded(run => List(run, MessageStatus.ReceivedUnread)))
            .Write(Guarded(List), Text("stat", 1, 10))
            .Test(() => [Settings.IsTextMode
                ? "+CMGL: (\"REC UNREAD\",\"REC READ\",\"STO UNSENT\",\"STO SENT\",\"ALL\")"
                : "+CMGL: (0-4)"]);
        table.Add(Family, "+CMGD").From(ChapterAndLogs, Evidence.Confirmed)
            .Write(Guarded(Delete), Number("index", 0, 255), Number("delflag", 0, 4).Optional)
            .Test(() => [$"+CMGD: ({string.Join(',', _service.List(ReadMemory).Select(each => each.Index))}),(0-4)"]);
    }

    private void DeclareSending(CommandTable table)
    {
        table.Add(Family, "+CMGS").From(ChapterAndLogs, Evidence.Confirmed)
            .Write(
                Guarded(run => Compose(run, (message, _) =>
                {
                    if (_service.Send(message, out int reference) is { } error)
                    {
                        run.CmsError(error);
                    }
                    else
                    {
                        GeneralCommands.Show(run, $"+CMGS: {reference}");
                    }
                })),
                Text("da_or_length", 1, 84),
                Number("toda", 0, 255).Optional)
            .Test();
        table.Add(Family, "+CMGW").From(Chapter, Evidence.Documented)
            .Write(
                Guarded(run => Compose(run, (message, status) =>
                {
                    (MessageStore store, int offset) = _service.StoresOf(Settings.Memories[1])[0];
                    if (store.Add(message with { Status = status }) is { } index)
                    {
                        GeneralCommands.Show(run, $"+CMGW: {index + offset}");
                    }
                    else
                    {
                        run.CmsError(CmsError.MemoryFull);
                    }
                })),
                Text("da_or_length", 1, 84),
                Number("toda_or_stat", 0, 255).Optional,
                Text("stat", 1, 10).Optional)
            .Test();
        table.Add(Family, "+CMSS").From(Chapter, Evidence.Documented)
            .Write(Guarded(SendStored), Number("index", 0, 255), Text("da", 1, 84).Optional, Number("toda", 0, 255).Optional)
            .Test();
        table.Add(Family, "+CNMA").From(Chapter, Evidence.Inferred)
            .Execute(run => run.CmsError(CmsError.NoAcknowledgementExpected))
            .Test();
    }

    /// <summary>The card decides first, in the words of CMS errors.</summary>
    private Action<CommandRun> Guarded(Action<CommandRun> handler) => run =>
    {
        int? obstacle = SimCommands.Obstacle(_modem.Sim) switch
        {
            null => null,
            CmeError.SimNotInserted => CmsError.SimNotInserted,
            CmeError.SimPinRequired => CmsError.SimPinRequired,
            CmeError.SimPukRequired => CmsError.SimPukRequired,
            CmeError.SimBusy => CmsError.SimBusy,
            _ => CmsError.SimFailure,
        };
        if (obstacle is null)
        {
            handler(run);
        }
        else
        {
            run.CmsError(obstacle.Value);
        }
    };

    private string Usage(string memory)
    {
        IReadOnlyList<(MessageStore Store, int Offset)> stores = _service.StoresOf(memory);
        return string.Create(CultureInfo.InvariantCulture, $"{stores.Sum(each => each.Store.Messages.Count)},{stores.Sum(each => each.Store.Capacity)}");
    }

    private void ChooseMemories(CommandRun run)
    {
        string[] asked = [.. Settings.Memories.Select((memory, index) => run.Text(index, memory).ToUpperInvariant())];
        if (asked[0] is not ("ME" or "MT" or "SM" or "SR") || asked[1] is not ("ME" or "MT" or "SM") || asked[2] is not ("ME" or "SM"))
        {
            run.CmsError(CmsError.OperationNotAllowed);
            return;
        }

        Settings.Memories = asked;
        GeneralCommands.Show(run, $"+CPMS: {string.Join(',', asked.Select(Usage))}");
    }

    private void Indicate(CommandRun run)
    {
        int[] asked = Merge(run, Settings.Indications);
        bool isPossible = asked[1] switch { 3 => asked[0] == 1, 2 => asked[0] != 0, _ => true } && (asked[3] != 1 || asked[0] == 1);
        if (!isPossible)
        {
            run.CmsError(CmsError.OperationNotAllowed);
            return;
        }

        Settings.Indications = asked;
        run.Ok();
    }

    private void Show(CommandRun run, bool deletes)
    {
        if (_service.Find(ReadMemory, run.Number(0)) is not { } place || !place.Store.Messages.TryGetValue(place.Index, out ShortMessage? message))
        {
            run.CmsError(CmsError.InvalidMemoryIndex);
            return;
        }

        run.Info(MessageForm.Lines(run.Invocation.Name, index: null, message, _modem));
        MarkRead(ReadMemory, run.Number(0), message);
        if (deletes)
        {
            place.Store.Messages.Remove(place.Index);
        }

        run.Ok();
        _service.DeliverWaiting();
    }

    private void MarkRead(string memory, int index, ShortMessage message)
    {
        if (message.Status == MessageStatus.ReceivedUnread && _service.Find(memory, index) is { } place)
        {
            place.Store.Messages[place.Index] = message with { Status = MessageStatus.ReceivedRead };
        }
    }

    private void List(CommandRun run)
    {
        string asked = run.Text(0).ToUpperInvariant();
        MessageStatus? status = null;
        bool isKnown;
        if (Settings.IsTextMode)
        {
            status = Enum.GetValues<MessageStatus>().Cast<MessageStatus?>().FirstOrDefault(each => MessageForm.StatusText(each!.Value) == asked);
            isKnown = status is not null || asked == "ALL";
        }
        else
        {
            isKnown = asked is ['0' or '1' or '2' or '3' or '4'];
            status = isKnown && asked[0] != '4' ? (MessageStatus)(asked[0] - '0') : null;
        }

        if (isKnown)
        {
            List(run, status);
        }
        else
        {
            run.CmsError(Settings.IsTextMode ? CmsError.InvalidTextModeParameter : CmsError.InvalidPduModeParameter);
        }
    }

    private void List(CommandRun run, MessageStatus? status)
    {
        (int Index, ShortMessage Message)[] messages = [.. _service.List(ReadMemory).Where(each => status is null || each.Message.Status == status)];
        run.Info(messages.SelectMany(each => MessageForm.Lines("+CMGL", each.Index, each.Message, _modem)));
        foreach ((int index, ShortMessage message) in messages)
        {
            MarkRead(ReadMemory, index, message);
        }

        run.Ok();
    }

    private void Delete(CommandRun run)
    {
        if (_service.Find(ReadMemory, run.Number(0)) is not { } place)
        {
            run.CmsError(CmsError.InvalidMemoryIndex);
            return;
        }

        MessageStatus[] gone = run.Number(1) switch
        {
            1 => [MessageStatus.ReceivedRead],
            2 => [MessageStatus.ReceivedRead, MessageStatus.StoredSent],
            3 => [MessageStatus.ReceivedRead, MessageStatus.StoredSent, MessageStatus.StoredUnsent],
            4 => Enum.GetValues<MessageStatus>(),
            _ => [],
        };
        if (run.Number(1) == 0)
        {
            place.Store.Messages.Remove(place.Index);
        }

        foreach ((int index, ShortMessage message) in _service.List(ReadMemory).ToArray())
        {
            if (gone.Contains(message.Status) && _service.Find(ReadMemory, index) is { } each)
            {
                each.Store.Messages.Remove(each.Index);
            }
        }

        run.Ok();
        _service.DeliverWaiting();
    }

    /// <summary>Takes a message from the prompt, in text or as a PDU.</summary>
    private void Compose(CommandRun run, Action<ShortMessage, MessageStatus> done)
    {
        if (Settings.IsTextMode)
        {
            ComposeText(run, done);
            return;
        }

        if (!int.TryParse(run.Text(0), NumberStyles.None, CultureInfo.InvariantCulture, out int length) || length is < 1 or > 164)
        {
            run.CmsError(CmsError.InvalidPduModeParameter);
            return;
        }

        run.PromptMessage(typed =>
        {
            if (typed is null)
            {
                run.Ok();
            }
            else if (MessagePdu.ReadSubmit(Encoding.Latin1.GetString(typed).Trim(), length) is { } message)
            {
                done(message, run.Number(1, 2) == 3 ? MessageStatus.StoredSent : MessageStatus.StoredUnsent);
            }
            else
            {
                run.CmsError(CmsError.InvalidPduModeParameter);
            }
        });
    }

    private void ComposeText(CommandRun run, Action<ShortMessage, MessageStatus> done)
    {
        if (AddressOf(run, 0) is not { } address)
        {
            run.Error(); // real SIM7600G-H: a plain number under UCS2 is a bare ERROR, without a prompt
            return;
        }

        run.PromptMessage(typed =>
        {
            if (typed is null)
            {
                run.Ok();
                return;
            }

            string? text = _modem.Settings.CharacterSet switch
            {
                "UCS2" => typed.Length == 0 ? "" : MessageForm.FromHex(Encoding.Latin1.GetString(typed).Trim()),
                "GSM" => GsmAlphabet.FromSeptets(typed),
                _ => Encoding.UTF8.GetString(typed),
            };
            if (text is null || (Settings.Parameters[0] & 0x03) != 1)
            {
                run.CmsError(CmsError.InvalidTextModeParameter);
            }
            else if (!GsmAlphabet.FitsOneMessage(text))
            {
                run.CmsError(CmsError.MessageTooLong);
            }
            else
            {
                var message = new ShortMessage(MessageStatus.StoredUnsent, address, text, Time: null);
                done(message, run.Text(2).Equals("STO SENT", StringComparison.OrdinalIgnoreCase) ? MessageStatus.StoredSent : MessageStatus.StoredUnsent);
            }
        });
    }

    private void SendStored(CommandRun run)
    {
        if (_service.Find(Settings.Memories[1], run.Number(0)) is not { } place || !place.Store.Messages.TryGetValue(place.Index, out ShortMessage? message))
        {
            run.CmsError(CmsError.InvalidMemoryIndex);
            return;
        }

        string? address = run.Has(1) ? AddressOf(run, 1) : message.Address;
        if (address is null)
        {
            run.Error();
        }
        else if (_service.Send(message with { Address = address }, out int reference) is { } error)
        {
            run.CmsError(error);
        }
        else
        {
            if (message.Status == MessageStatus.StoredUnsent)
            {
                place.Store.Messages[place.Index] = message with { Status = MessageStatus.StoredSent };
            }

            GeneralCommands.Show(run, $"+CMSS: {reference}");
        }
    }

    /// <summary>A recipient in the character set of AT+CSCS, or null when it is no number there.</summary>
    private string? AddressOf(CommandRun run, int index)
    {
        string? address = _modem.Settings.CharacterSet == "UCS2" ? MessageForm.FromHex(run.Text(index)) : run.Text(index);
        return address is not null && ShortMessage.IsNumber(address) && address.TrimStart('+').Length <= ShortMessage.LongestNumber ? address : null;
    }

    private static int TypeOf(string number) => number.StartsWith('+') ? 145 : 129;

    private static int[] Merge(CommandRun run, int[] old) => [.. old.Select((value, index) => run.Number(index, value))];
}
