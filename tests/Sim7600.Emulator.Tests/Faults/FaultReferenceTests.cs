using System.Text.Json.Nodes;
using Sim7600.Emulator.Faults;

namespace Sim7600.Emulator.Tests.Faults;

/// <summary>What is printed from the table of faults; these tests fail when the files part from it.</summary>
[Parallelizable(ParallelScope.All)]
public class FaultReferenceTests
{
    [Test]
    public async Task The_document_is_what_the_table_prints() => Assert.That(
        await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "docs", "faults.md")),
        Is.EqualTo(FaultReference.ToMarkdown()),
        "write it anew: dotnet run --project src/Sim7600.Cli -- faults --markdown > docs/faults.md");

    [Test]
    public async Task The_schema_is_what_the_table_prints() => Assert.That(
        await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "docs", "scenario.schema.json")),
        Is.EqualTo(FaultReference.ToJsonSchema()),
        "write it anew: dotnet run --project src/Sim7600.Cli -- faults --schema > docs/scenario.schema.json");

    [Test]
    public void The_schema_has_every_fault_with_all_that_the_reader_takes()
    {
        JsonArray entries = JsonNode.Parse(FaultReference.ToJsonSchema())!["properties"]!["faults"]!["items"]!["oneOf"]!.AsArray();
        Assert.That(entries, Has.Count.EqualTo(FaultTable.All.Count + 1), "and the short form of a reply");
        foreach ((FaultDefinition definition, JsonNode? entry) in FaultTable.All.Zip(entries))
        {
            JsonObject properties = entry!["properties"]!.AsObject();
            Assert.That((string?)properties[definition.Group]!["const"], Is.EqualTo(definition.Name));
            Assert.That(properties.ContainsKey("forMs"), Is.EqualTo(definition.MayLast));
            Assert.That(properties.Select(property => property.Key), Is.SupersetOf(definition.Parameters.Select(parameter => parameter.Name)));
        }
    }

    [Test]
    public void The_list_names_every_fault_and_parameter()
    {
        string text = FaultReference.ToText();
        foreach (FaultDefinition definition in FaultTable.All)
        {
            Assert.That(text, Does.Contain($"\n  {definition.Name,-16} {definition.Meaning}"));
        }
    }
}
