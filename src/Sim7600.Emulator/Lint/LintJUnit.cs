using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Sim7600.Emulator.Lint;

/// <summary>A report for build servers: one test case for each rule, those that passed too.</summary>
internal static class LintJUnit
{
    public static string Of(LintReport report, LintSeverity failsFrom)
    {
        XElement[] cases = [.. report.Rules.Select(result => Of(result, failsFrom))];
        string failures = cases.Count(each => each.Element("failure") is not null).ToString(CultureInfo.InvariantCulture);
        string tests = cases.Length.ToString(CultureInfo.InvariantCulture);
        var suite = new XElement(
            "testsuite",
            new XAttribute("name", "sim7600 lint"),
            new XAttribute("tests", tests),
            new XAttribute("failures", failures),
            new XAttribute("errors", "0"),
            new XAttribute("skipped", "0"),
            new XAttribute("time", LintText.Seconds(report.Duration)),
            new XElement(
                "properties",
                new XElement("property", new XAttribute("name", "complete"), new XAttribute("value", report.IsComplete ? "true" : "false")),
                new XElement("property", new XAttribute("name", "commands"), new XAttribute("value", report.Commands.ToString(CultureInfo.InvariantCulture)))),
            cases);
        var document = new XDocument(new XElement("testsuites", new XAttribute("tests", tests), new XAttribute("failures", failures), suite));
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
        using (var writer = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, Indent = true, NewLineChars = "\n" }))
        {
            document.Save(writer);
        }

        return text.Append('\n').ToString();
    }

    private static XElement Of(LintRuleResult result, LintSeverity failsFrom)
    {
        var test = new XElement("testcase", new XAttribute("classname", "sim7600.lint"), new XAttribute("name", result.Rule.Id), new XAttribute("time", "0"));
        if (result.Count > 0)
        {
            var text = new StringBuilder();
            text.Append(CultureInfo.InvariantCulture, $"{result.Rule.Why}\n{result.Rule.Advice}\nSource: {result.Rule.Source}\n");
            LintText.AppendFindings(text, result);
            test.Add(result.Rule.Severity >= failsFrom
                ? new XElement(
                    "failure",
                    new XAttribute("type", LintText.Word(result.Rule.Severity)),
                    new XAttribute("message", string.Create(CultureInfo.InvariantCulture, $"{result.Rule.Title} ({result.Count} ×)")),
                    text.ToString())
                : new XElement("system-out", $"{LintText.Word(result.Rule.Severity)}: {result.Rule.Title}\n{text}"));
        }

        return test;
    }
}
