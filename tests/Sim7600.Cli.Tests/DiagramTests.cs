using Sim7600.Cli.Host;

namespace Sim7600.Cli.Tests;

/// <summary>docs/state-machines.md is printed from the machines that run; this test fails when they part.</summary>
public sealed class DiagramTests
{
    [Test]
    public async Task The_diagrams_in_the_docs_are_those_of_the_machines() => Assert.That(
        await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "docs", "state-machines.md")),
        Is.EqualTo(DiagramCommand.ToMarkdown()),
        "write it anew: dotnet run --project src/Sim7600.Cli -- diagram > docs/state-machines.md");
}
