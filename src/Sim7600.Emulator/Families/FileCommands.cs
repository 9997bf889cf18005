using System.Globalization;
using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Modem;
using static Sim7600.Emulator.Commands.AtParameterDefinition;

namespace Sim7600.Emulator.Families;

/// <summary>Files of the module (AT command manual V3.00, chapter 20; a session of a SIM7600G-H for AT+FSCD). There is drive C alone.</summary>
internal static class FileCommands
{
    private const string Family = "File";
    private const string Chapter = "AT command manual V3.00, chapter 20";
    private const int LongestPath = 255;
    private const int LargestPiece = 1024;

    public static void Declare(CommandTable table, VirtualModem modem)
    {
        FileStore files = modem.Files;
        AtParameterDefinition path = Text("path", 1, LongestPath);
        table.Add(Family, "+FSCD").From($"{Chapter}; a session of a SIM7600G-H", Evidence.Confirmed)
            .Read(run => GeneralCommands.Show(run, $"+FSCD: {files.Current}"))
            .Write(
                run =>
                {
                    if (files.Enter(run.Text(0)))
                    {
                        GeneralCommands.Show(run, $"+FSCD: {files.Current}");
                    }
                    else
                    {
                        run.Error();
                    }
                },
                path)
            .Test();
        Change("+FSMKDIR", run => files.MakeFolder(run.Text(0)), path);
        Change("+FSRMDIR", run => files.RemoveFolder(run.Text(0)), path);
        Change("+FSDEL", run => files.Delete(run.Text(0)), path);
        Change("+FSRENAME", run => files.Rename(run.Text(0), run.Text(1)), path, Text("new_name", 1, LongestPath));
        table.Add(Family, "+FSLS").From(Chapter, Evidence.Documented)
            .Execute(run => List(run, files, 0))
            .Read(run => GeneralCommands.Show(run, $"+FSLS: SUBDIRECTORIES:{files.Folders.Count},FILES:{files.Files.Count}"))
            .Write(run => List(run, files, run.Number(0)), Number("type", 0, 2));
        table.Add(Family, "+FSATTRI").From(Chapter, Evidence.Inferred)
            .Write(
                run =>
                {
                    if (files.Read(run.Text(0)) is { } content)
                    {
                        GeneralCommands.Show(run, string.Create(CultureInfo.InvariantCulture, $"+FSATTRI: {content.Length}, {files.TimeOf(run.Text(0)):yyyyMMdd}"));
                    }
                    else
                    {
                        run.Error();
                    }
                },
                path)
            .Test();
        table.Add(Family, "+FSMEM").From(Chapter, Evidence.Documented)
            .Execute(run => GeneralCommands.Show(run, $"+FSMEM: C:({FileStore.Capacity}, {files.Used})"))
            .Test();
        table.Add(Family, "+CFTRANRX").From(Chapter, Evidence.Documented)
            .Write(
                run => run.Prompt(run.Number(1), content => End(run, files.Write(run.Text(0), content, modem.Clock.Utc))),
                path,
                Number("len", 1, FileStore.Capacity) with { IsLength = true })
            .WithSecretData();
        table.Add(Family, "+CFTRANTX").From(Chapter, Evidence.Documented)
            .Write(
                run => Send(run, files),
                path,
                Number("location", 0, FileStore.Capacity).Optional,
                Number("size", 1, FileStore.Capacity).Optional)
            .WithSecretData();

        void Change(string name, Func<CommandRun, bool> change, params AtParameterDefinition[] parameters) =>
            table.Add(Family, name).From(Chapter, Evidence.Documented).Write(run => End(run, change(run)), parameters).Test();
    }

    private static void End(CommandRun run, bool isDone)
    {
        if (isDone)
        {
            run.Ok();
        }
        else
        {
            run.Error();
        }
    }

    private static void List(CommandRun run, FileStore files, int type)
    {
        if (type != 2)
        {
            run.Info(["+FSLS: SUBDIRECTORIES:", .. files.Folders]);
        }

        if (type != 1)
        {
            run.Info(["+FSLS: FILES:", .. files.Files]);
        }

        run.Ok();
    }

    private static void Send(CommandRun run, FileStore files)
    {
        if (files.Read(run.Text(0)) is not { } content || run.Number(1) > content.Length)
        {
            run.Error();
            return;
        }

        foreach (byte[] piece in content.Skip(run.Number(1)).Take(run.Number(2, content.Length)).Chunk(LargestPiece))
        {
            run.Info($"+CFTRANTX: DATA,{piece.Length}", piece);
        }

        run.Info("+CFTRANTX: 0");
        run.Ok();
    }
}
