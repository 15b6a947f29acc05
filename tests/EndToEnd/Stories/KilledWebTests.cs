using System.Globalization;
using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.Data.Sqlite;
using Telemedicine.EndToEnd.Tests.Product;
using Xunit;

namespace Telemedicine.EndToEnd.Tests.Stories;

/// <summary>
/// Web is killed, without warning, in the middle of 500 bookings that patients make over HTTP, each signed in at Identity: whatever it had answered is there after the
/// restart, and nothing is there in part or twice.
/// </summary>
public sealed class KilledWebTests
{
    private const int Bookings = 500;
    private const int Patients = 18;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_in_the_middle_of_500_bookings_over_http_Web_loses_and_doubles_none()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "finds the service's process in /proc");
        var data = Directory.CreateTempSubdirectory("telemedicine-").FullName;
        var port = RunningProduct.FreePorts();
        var product = await RunningProduct.StartAsync(data, port, "--no-build");
        var people = new List<Patient>();
        var answered = new HashSet<string>();
        try
        {
            await using var store = new Store(data);
            people.AddRange(await SignInAsync(product, store));
            var before = store.Count("Appointments");

            foreach (var killAfter in new int?[] { 120, 160, null })
            {
                await BookAsync(product, people, answered, killAfter);
                if (killAfter is null)
                    break;
                Assert.Equal(1, await product.EndedAsync());
                Check(store, answered);
                product = await RunningProduct.StartAsync(data, port, "--no-build");
            }

            Check(store, answered);
            Assert.Equal(Bookings, answered.Count);
            Assert.Equal(Bookings, store.Count("Appointments") - before);
        }
        finally
        {
            foreach (var person in people)
                person.Dispose();
            await product.DisposeAsync();
        }
    }

    /// <summary>Every patient at once, each one booking after the other; whoever got no answer presses the button again after the restart.</summary>
    private static async Task BookAsync(RunningProduct product, List<Patient> people, HashSet<string> answered, int? killAfter)
    {
        var now = 0;
        using var web = product.Service("Telemedicine.Web");
        await Task.WhenAll(people.Select(person => Task.Run(async () =>
        {
            while (person.Plan.TryPeek(out var slot))
            {
                string? booked;
                try
                {
                    booked = await person.BookAsync(slot);
                }
                catch (Exception gone) when (gone is HttpRequestException or IOException && killAfter is not null)
                {
                    // Killed: this one got no answer.
                    return;
                }
                lock (answered)
                {
                    Assert.True(answered.Add(booked), $"{booked} was answered twice.");
                    // What was said before the kill counts; at once, as by kill -9.
                    if (++now == killAfter)
                        web.Kill();
                }
                person.Plan.Dequeue();
            }
        }, Cancel)));
        Assert.True(killAfter is null || now >= killAfter && answered.Count < Bookings, $"{now} bookings before the end");
    }

    private static void Check(Store store, HashSet<string> answered)
    {
        var made = store.Read("SELECT a.Id, a.SlotId FROM Appointments a JOIN AuditEvents e ON e.EntityId = a.Id AND e.Action = 'appointment.book' AND e.Entity = 'Appointment'");
        Assert.Superset(answered, made.Select(row => row[0].ToLowerInvariant()).ToHashSet());
        Assert.Equal(made.Count, made.DistinctBy(row => row[0]).Count());
        Assert.Equal(made.Count, made.DistinctBy(row => row[1]).Count());
        // Each with its slot sold, two messages and one line of history; and no slot is sold without an appointment, or twice.
        const string Mine = "SELECT a.Id FROM Appointments a JOIN AuditEvents e ON e.EntityId = a.Id AND e.Action = 'appointment.book' AND e.Entity = 'Appointment'";
        Assert.Equal(made.Count, store.Scalar($"SELECT COUNT(*) FROM Slots s JOIN Appointments a ON a.SlotId = s.Id WHERE s.Status = 'Busy' AND a.Id IN ({Mine})"));
        Assert.Equal(2 * made.Count, store.Scalar($"SELECT COUNT(*) FROM Messages WHERE Kind = 'Booked' AND AppointmentId IN ({Mine})"));
        Assert.Equal(made.Count, store.Scalar($"SELECT COUNT(*) FROM AppointmentChanges WHERE AppointmentId IN ({Mine})"));
        Assert.Equal(0, store.Scalar("SELECT COUNT(*) FROM Slots s WHERE s.Status = 'Busy' AND NOT EXISTS (SELECT 1 FROM Appointments a WHERE a.SlotId = s.Id AND a.Status NOT IN ('Cancelled', 'EnteredInError'))"));
        Assert.Equal(0, store.Scalar("SELECT COUNT(*) FROM (SELECT SlotId FROM Appointments WHERE Status NOT IN ('Cancelled', 'EnteredInError') GROUP BY SlotId HAVING COUNT(*) > 1)"));
    }

    /// <summary>Real people at the real provider, each with times to book that are free and do not overlap.</summary>
    private static async Task<List<Patient>> SignInAsync(RunningProduct product, Store store)
    {
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "infra/demonstration/people.json"), Cancel));
        var people = json.RootElement.GetProperty("people").EnumerateArray()
            .Where(person => person.GetProperty("role").GetString() == "patient" && !person.TryGetProperty("carerOf", out _)).Take(Patients)
            .Select(person => new Patient(product.Address, person.GetProperty("email").GetString() ?? "", person.GetProperty("subject").GetString() ?? "")).ToList();
        var soon = TimeProvider.System.GetUtcNow().AddDays(2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var slots = new Queue<Slot>(store.Read($"SELECT Id, ServiceId, Day, Start, End FROM Slots WHERE Status = 'Free' AND Start > '{soon}' AND ServiceId IN (SELECT Id FROM Services WHERE Name IN ('GP consultation', 'Nurse review', 'Physiotherapy')) ORDER BY Start, Id")
            .Select(row => new Slot(row[0].ToLowerInvariant(), row[1].ToLowerInvariant(), row[2], row[3], row[4])));
        var busy = store.Read("SELECT p.Subject, a.Start, a.End FROM Appointments a JOIN Patients p ON p.Id = a.PatientId WHERE a.Status <> 'Cancelled'").ToLookup(row => row[0], row => (Start: row[1], End: row[2]));
        var planned = 0;
        while (planned < Bookings && slots.TryDequeue(out var slot))
        {
            var free = people.Where(person => !busy[person.Subject].Concat(person.Plan.Select(other => (other.Start, other.End)))
                .Any(other => string.CompareOrdinal(other.Start, slot.End) < 0 && string.CompareOrdinal(slot.Start, other.End) < 0)).MinBy(person => person.Plan.Count);
            if (free is null)
                continue;
            free.Plan.Enqueue(slot);
            planned++;
        }
        Assert.Equal(Bookings, planned);
        foreach (var person in people)
            await person.SignInAsync(product.Password);
        return people;
    }

    /// <param name="Start">As the database writes it: in order as text.</param>
    private sealed record Slot(string Id, string Service, string Day, string Start, string End);

    /// <summary>One patient's browser.</summary>
    private sealed class Patient(string web, string email, string subject) : IDisposable
    {
        private readonly HttpClient _client = new(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = true }) { BaseAddress = new Uri(web), Timeout = TimeSpan.FromMinutes(2) };
        private readonly HashSet<string> _tried = [];
        private string _token = "";

        public string Subject => subject;

        public Queue<Slot> Plan { get; } = new();

        public async Task SignInAsync(string password)
        {
            var (form, at) = await FormAsync(await _client.GetAsync("/account/sign-in?returnUrl=%2Fappointments%2Freminders", Cancel));
            form["Email"] = email;
            form["Password"] = password;
            var signedIn = await _client.PostAsync(at, new FormUrlEncodedContent(form), Cancel);
            Assert.Equal("/appointments/reminders", signedIn.RequestMessage?.RequestUri?.AbsolutePath);
            (form, _) = await FormAsync(signedIn);
            _token = form["__RequestVerificationToken"];
        }

        /// <returns>The id of the appointment, as the answer says.</returns>
        public async Task<string> BookAsync(Slot slot)
        {
            var address = $"/appointments/book/{slot.Service}/{slot.Day}/{slot.Id}";
            // Opening the page holds the time. Whoever got no answer does not open it again: they press the same button.
            if (_tried.Add(slot.Id))
                Assert.Contains("Confirm the appointment", await _client.GetStringAsync(address, Cancel), StringComparison.Ordinal);
            using var answer = await _client.PostAsync(address, new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = _token, ["Channel"] = "Video" }), Cancel);
            var at = answer.RequestMessage?.RequestUri?.AbsolutePath ?? "";
            Assert.True(answer.IsSuccessStatusCode && at.EndsWith("/booked", StringComparison.Ordinal), $"{answer.StatusCode} at {at}");
            return at.Split('/')[2];
        }

        public void Dispose() => _client.Dispose();

        private static async Task<(Dictionary<string, string> Fields, Uri Action)> FormAsync(HttpResponseMessage response)
        {
            var document = await new HtmlParser().ParseDocumentAsync(await response.Content.ReadAsStringAsync(Cancel));
            var form = document.QuerySelectorAll<IHtmlFormElement>("main form").FirstOrDefault() ?? throw new InvalidOperationException($"No form at {response.RequestMessage?.RequestUri}.");
            var fields = form.QuerySelectorAll<IHtmlInputElement>("input[name]").Where(input => input.Type is not ("radio" or "checkbox")).ToDictionary(input => input.Name ?? "", input => input.Value);
            return (fields, new Uri(response.RequestMessage?.RequestUri ?? new Uri("about:blank"), form.GetAttribute("action") ?? ""));
        }
    }

    /// <summary>The clinical database's file, read beside the service.</summary>
    private sealed class Store(string data) : IAsyncDisposable
    {
        private readonly SqliteConnection _connection = Open(data);

        public long Count(string table) => Scalar($"SELECT COUNT(*) FROM {table}");

        public long Scalar(string sql)
        {
            using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // The test's own text.
            command.CommandText = sql;
#pragma warning restore CA2100
            return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        }

        public List<string[]> Read(string sql)
        {
            using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // The test's own text.
            command.CommandText = sql;
#pragma warning restore CA2100
            using var reader = command.ExecuteReader();
            var rows = new List<string[]>();
            while (reader.Read())
                rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(column => Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture) ?? "")]);
            return rows;
        }

        public async ValueTask DisposeAsync()
        {
            await _connection.DisposeAsync();
            SqliteConnection.ClearAllPools();
        }

        private static SqliteConnection Open(string data)
        {
            var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(data, "clinical.db"), Mode = SqliteOpenMode.ReadOnly, DefaultTimeout = 30 }.ToString());
            connection.Open();
            return connection;
        }
    }
}
