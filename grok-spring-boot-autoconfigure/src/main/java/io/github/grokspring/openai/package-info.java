/**
 * Bridge to Spring AI's OpenAI module: conversion of its chat options, and its chat model
 * as transport to xAI.
 */
@NullMarked
package io.github.grokspring.openai;

import org.jspecify.annotations.NullMarked;
