using Sim7600.Emulator.Lint;

namespace Sim7600.Emulator.Tests.Lint;

/// <summary>What is printed from the rules; the first test fails when the file parts from it.</summary>
[Parallelizable(ParallelScope.All)]
public class LintReferenceTests
{
    [Test]
    public async Task The_document_is_what_the_rules_print() => Assert.That(
        await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "docs", "lint.md")),
        Is.EqualTo(LintReference.ToMarkdown()),
        "write it anew: dotnet run --project src/Sim7600.Cli -- lint-rules --markdown > docs/lint.md");

    [Test]
    public void Every_rule_says_why_what_to_do_and_where_it_is_known_from()
    {
        Assert.That(LintRules.All.Select(rule => rule.Id), Is.Unique);
        foreach (LintRule rule in LintRules.All)
        {
            Assert.That(rule.Id, Does.Match("^[a-z]+(-[a-z]+)+$"));
            Assert.That(new[] { rule.Title, rule.Why, rule.Advice, rule.Source }, Has.All.Length.GreaterThan(20), rule.Id);
            Assert.That(LintReference.ToText(), Does.Contain($"{rule.Id} ("));
        }
    }
}
