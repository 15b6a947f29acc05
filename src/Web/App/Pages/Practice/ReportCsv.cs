using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Telemedicine.Clinical.Reports;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>A report as a file for a spreadsheet: UTF-8 with a byte order mark, times in minutes. What a spreadsheet would take for a formula is made text.</summary>
public static class ReportCsv
{
    private static readonly string[] Headings =
    [
        "Week from", "Clinic", "Clinician", "Service", "Appointments", "Held", "Did not attend", "Was not brought", "Cancelled", "Clinician did not come", "Technical failure", "Left before seen",
        "Waiting, median (minutes)", "Waiting, 90th percentile (minutes)", "Duration, median (minutes)", "Duration, 90th percentile (minutes)",
    ];

    public static byte[] Write(Report report)
    {
        using var bytes = new MemoryStream();
        using (var writer = new StreamWriter(bytes, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)))
        using (var csv = new CsvWriter(writer, new CsvConfiguration(CultureInfo.InvariantCulture) { InjectionOptions = InjectionOptions.Escape, NewLine = "\r\n" }))
        {
            foreach (var heading in Headings)
                csv.WriteField(heading);
            foreach (var line in report.Lines)
            {
                csv.NextRecord();
                Write(csv, line);
            }
            csv.NextRecord();
        }

        return bytes.ToArray();
    }

    private static void Write(CsvWriter csv, ReportLine line)
    {
        csv.WriteField(line.Week?.Iso());
        csv.WriteField(line.ClinicStart?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
        csv.WriteField(line.Clinician);
        csv.WriteField(line.Service);
        foreach (var count in new[] { line.Appointments, line.Held, line.DidNotAttend, line.WasNotBrought, line.Cancelled, line.ClinicianDidNotCome, line.TechnicalFailure, line.LeftBeforeSeen })
            csv.WriteField(count);
        foreach (var time in new[] { line.Waiting.Median, line.Waiting.Ninetieth, line.Duration.Median, line.Duration.Ninetieth })
            csv.WriteField(time?.TotalMinutes.ToString("0.#", CultureInfo.InvariantCulture));
    }
}
