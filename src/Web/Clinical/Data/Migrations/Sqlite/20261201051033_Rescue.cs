using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Telemedicine.Clinical.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Rescue : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Direction",
                table: "ReceivedEvents",
                type: "TEXT",
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Step",
                table: "ReceivedEvents",
                type: "TEXT",
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Trouble",
                table: "ReceivedEvents",
                type: "TEXT",
                maxLength: 32,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "SwitchedTo",
                table: "Encounters",
                type: "TEXT",
                maxLength: 32,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "CallSamples",
                columns: table => new
                {
                    Session = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    PracticeId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ConsultationId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PersonId = table.Column<Guid>(type: "TEXT", nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Loss = table.Column<double>(type: "REAL", nullable: false),
                    RoundTripMs = table.Column<double>(type: "REAL", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_CallSamples", x => new { x.Session, x.Number });
                });

            migrationBuilder.CreateTable(
                name: "RescueAcknowledgements",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    PracticeId = table.Column<Guid>(type: "TEXT", nullable: false),
                    AppointmentId = table.Column<Guid>(type: "TEXT", nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ByRole = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    ById = table.Column<Guid>(type: "TEXT", nullable: false),
                    ByName = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RescueAcknowledgements", x => x.Id);
                    table.ForeignKey(
                        name: "FK_RescueAcknowledgements_Appointments_AppointmentId",
                        column: x => x.AppointmentId,
                        principalTable: "Appointments",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_RescueAcknowledgements_Practices_PracticeId",
                        column: x => x.PracticeId,
                        principalTable: "Practices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_CallSamples_At",
                table: "CallSamples",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_CallSamples_ConsultationId_At",
                table: "CallSamples",
                columns: new[] { "ConsultationId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_RescueAcknowledgements_AppointmentId",
                table: "RescueAcknowledgements",
                column: "AppointmentId");

            migrationBuilder.CreateIndex(
                name: "IX_RescueAcknowledgements_PracticeId",
                table: "RescueAcknowledgements",
                column: "PracticeId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "CallSamples");

            migrationBuilder.DropTable(
                name: "RescueAcknowledgements");

            migrationBuilder.DropColumn(
                name: "Direction",
                table: "ReceivedEvents");

            migrationBuilder.DropColumn(
                name: "Step",
                table: "ReceivedEvents");

            migrationBuilder.DropColumn(
                name: "Trouble",
                table: "ReceivedEvents");

            migrationBuilder.DropColumn(
                name: "SwitchedTo",
                table: "Encounters");
        }
    }
}
