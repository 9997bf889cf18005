namespace Sim7600.Emulator.Tests;

/// <summary>docs/commands.md is printed from the declarations; this test fails when they part.</summary>
public class CommandReferenceTests
{
    [Test]
    public async Task The_document_is_what_the_declarations_print() => Assert.That(
        await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "docs", "commands.md")),
        Is.EqualTo(await CommandReference.ToMarkdownAsync(FirmwareProfiles.Sim7600)),
        "write it anew: dotnet run --project src/Sim7600.Cli -- commands > docs/commands.md");
}
